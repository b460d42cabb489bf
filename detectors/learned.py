"""The parameters in use, made by `telecare-simulator evaluate --learn`."""

from detectors.parameters import Parameters, Usual

LEARNED = Parameters(
    caution={
        "dehydration_risk": 0.6,
        "fall_risk": 0.15,
        "night_wandering": 2.25,
        "no_movement": 2.25,
        "possible_fall": 2.0,
        "sensor_silent": 2.0,
        "uti_risk": 3.0,
    },
    usual={
        "activations_day": Usual(171.0, 8.5),
        "bathroom_visits_day": Usual(10.6, 0.702),
        "bathroom_visits_night": Usual(1.46, 0.661),
        "elsewhere_day": Usual(89.3, 2.05),
        "elsewhere_night": Usual(0.723, 1.13),
        "gait_speed": Usual(0.8, 0.003),
        "glimpses_day": Usual(0.361, 0.869),
        "glimpses_night": Usual(0.0363, 0.632),
        "kettle_uses": Usual(6.08, 1.15),
        "kitchen_visits": Usual(31.8, 0.748),
        "pace": Usual(-0.00292, 0.0119),
        "restlessness_night": Usual(5.44, 1.07),
    },
    steepness={
        "dehydration_risk": 1.79,
        "fall_risk": 1.34,
        "night_wandering": 1.77,
        "no_movement": 2.27,
        "possible_fall": 2.29,
        "sensor_silent": 3.03,
        "uti_risk": 2.66,
    },
)
