"""The parameters in use, made by `telecare-simulator evaluate --learn`."""

from detectors.parameters import Parameters, Usual

LEARNED = Parameters(
    caution={
        "dehydration_risk": 0.6,
        "fall_risk": 0.15,
        "night_wandering": 2.25,
        "no_movement": 2.25,
        "possible_fall": 0.6,
        "sensor_silent": 2.5,
        "uti_risk": 1.25,
    },
    usual={
        "activations_day": Usual(171.0, 8.66),
        "bathroom_visits_day": Usual(10.6, 0.705),
        "bathroom_visits_night": Usual(1.45, 0.669),
        "elsewhere_day": Usual(89.4, 2.07),
        "elsewhere_night": Usual(0.723, 1.13),
        "gait_speed": Usual(0.8, 0.003),
        "glimpses_day": Usual(4.24, 1.03),
        "glimpses_night": Usual(0.0339, 0.564),
        "kettle_uses": Usual(6.08, 1.15),
        "kitchen_visits": Usual(31.8, 0.748),
        "pace": Usual(-0.00292, 0.012),
        "restlessness_night": Usual(5.44, 1.07),
    },
    steepness={
        "dehydration_risk": 1.79,
        "fall_risk": 1.34,
        "night_wandering": 1.77,
        "no_movement": 2.27,
        "possible_fall": 1.68,
        "sensor_silent": 4.0,
        "uti_risk": 1.82,
    },
)
