"""The parameters in use, made by `telecare-simulator evaluate --learn`."""

from detectors.parameters import Parameters, Usual

LEARNED = Parameters(
    caution={
        "dehydration_risk": 0.3,
        "fall_risk": 0.1,
        "night_wandering": 2.25,
        "no_movement": 2.0,
        "possible_fall": 2.5,
        "sensor_silent": 1.25,
        "uti_risk": 0.6,
    },
    usual={
        "bathroom_visits_day": Usual(12.5, 0.811),
        "bathroom_visits_night": Usual(1.6, 0.681),
        "elsewhere_day": Usual(88.6, 2.49),
        "elsewhere_night": Usual(0.725, 1.23),
        "gait_speed": Usual(0.8, 0.003),
        "kettle_uses": Usual(6.29, 1.18),
        "kitchen_visits": Usual(32.3, 1.02),
        "pace": Usual(4.51e-05, 0.0127),
        "restlessness_night": Usual(5.7, 1.42),
    },
)
