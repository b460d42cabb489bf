"""The parameters in use. Made by `telecare-simulator evaluate --learn`; do not edit."""

from detectors.parameters import Parameters, Usual

LEARNED = Parameters(
    caution={
        "dehydration_risk": 0.25,
        "fall_risk": 0.3,
        "no_movement": 2.5,
        "possible_fall": 5.0,
        "sensor_silent": 2.0,
        "uti_risk": 0.5,
    },
    usual={
        "bathroom_visits_day": Usual(12.9, 0.733),
        "bathroom_visits_night": Usual(1.67, 0.609),
        "elsewhere_day": Usual(88.6, 2.63),
        "elsewhere_night": Usual(0.786, 1.37),
        "gait_speed": Usual(0.8, 0.003),
        "kettle_uses": Usual(6.28, 1.23),
        "kitchen_visits": Usual(32.3, 1.02),
        "pace": Usual(4.51e-05, 0.0127),
        "restlessness_night": Usual(5.73, 1.39),
    },
)
