"""The parameters in use, made by `telecare-simulator evaluate --learn`."""

from detectors.parameters import Parameters, Usual

LEARNED = Parameters(
    caution={
        "dehydration_risk": 0.75,
        "fall_risk": 0.15,
        "night_wandering": 2.25,
        "no_movement": 2.0,
        "possible_fall": 1.5,
        "sensor_silent": 1.25,
        "uti_risk": 2.0,
    },
    usual={
        "bathroom_visits_day": Usual(11.3, 0.738),
        "bathroom_visits_night": Usual(1.47, 0.695),
        "elsewhere_day": Usual(88.6, 2.49),
        "elsewhere_night": Usual(0.725, 1.23),
        "gait_speed": Usual(0.8, 0.003),
        "kettle_uses": Usual(6.65, 1.2),
        "kitchen_visits": Usual(31.6, 0.979),
        "pace": Usual(4.51e-05, 0.0127),
        "restlessness_night": Usual(5.61, 1.42),
    },
)
