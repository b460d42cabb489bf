"""The parameters in use, made by `telecare-simulator evaluate --learn`."""

from detectors.parameters import Parameters, Usual

LEARNED = Parameters(
    caution={
        "dehydration_risk": 0.6,
        "fall_risk": 0.15,
        "night_wandering": 2.25,
        "no_movement": 2.25,
        "possible_fall": 0.6,
        "sensor_silent": 1.25,
        "uti_risk": 3.0,
    },
    usual={
        "bathroom_visits_day": Usual(11.1, 0.717),
        "bathroom_visits_night": Usual(1.47, 0.668),
        "elsewhere_day": Usual(88.8, 2.35),
        "elsewhere_night": Usual(0.723, 1.17),
        "gait_speed": Usual(0.8, 0.003),
        "kettle_uses": Usual(6.1, 1.16),
        "kitchen_visits": Usual(31.8, 0.831),
        "pace": Usual(4.19e-05, 0.0126),
        "restlessness_night": Usual(5.63, 1.3),
    },
    steepness={
        "dehydration_risk": 1.79,
        "fall_risk": 1.0,
        "night_wandering": 1.77,
        "no_movement": 2.27,
        "possible_fall": 1.68,
        "sensor_silent": 1.0,
        "uti_risk": 2.45,
    },
)
