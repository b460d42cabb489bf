"""The parameters in use, made by `telecare-simulator evaluate --learn`."""

from detectors.parameters import Parameters, Usual

LEARNED = Parameters(
    caution={
        "dehydration_risk": 0.75,
        "fall_risk": 0.15,
        "night_wandering": 2.25,
        "no_movement": 2.25,
        "possible_fall": 0.6,
        "sensor_silent": 2.5,
        "uti_risk": 3.0,
    },
    usual={
        "bathroom_visits_day": Usual(11.1, 0.712),
        "bathroom_visits_night": Usual(1.45, 0.665),
        "elsewhere_day": Usual(88.8, 2.28),
        "elsewhere_night": Usual(0.723, 1.15),
        "gait_speed": Usual(0.8, 0.003),
        "kettle_uses": Usual(6.09, 1.15),
        "kitchen_visits": Usual(31.8, 0.746),
        "pace": Usual(-0.000147, 0.0121),
        "restlessness_night": Usual(5.56, 1.17),
    },
    steepness={
        "dehydration_risk": 1.95,
        "fall_risk": 1.34,
        "night_wandering": 1.77,
        "no_movement": 2.27,
        "possible_fall": 1.68,
        "sensor_silent": 4.0,
        "uti_risk": 2.45,
    },
)
