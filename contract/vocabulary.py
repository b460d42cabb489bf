"""The words of the field, as they stand on the wire.

Fields that carry these words are plain strings in the messages: a newer hub may use a word that an
older centre has never heard, and the centre must still keep it.
"""

from enum import StrEnum


class Kind(StrEnum):
    """What a sensor event tells. The unit of its value stands behind each word."""

    MOTION = "motion"  # 1 at each activation
    OPENING = "opening"  # 1 opened, 0 closed
    APPLIANCE = "appliance"  # Wh used, at the end of the use, with its duration
    FLUSH = "flush"  # 1
    PRESENCE = "presence"  # 1 entered, 0 left
    TEMPERATURE = "temperature"  # degrees Celsius
    HUMIDITY = "humidity"  # per cent
    GAIT_SPEED = "gait_speed"  # metres a second
    BUTTON = "button"  # 1 help asked, 0 cancelled
    LINK = "link"  # 1 online, 0 offline


class Quality(StrEnum):
    """How far the time of an event can be trusted."""

    OK = "ok"
    LATE = "late"  # told after the hub had moved on; kept, but nothing is raised upon it
    CLOCK_UNSURE = "clock_unsure"  # the hub's clock had not been set
    REPLAYED = "replayed"  # state repeated by a device or bridge, not something a person did
    WALK_TEST = "walk_test"  # set off on purpose to try a sensor, not something the person did


class Condition(StrEnum):
    """What a detector watches for."""

    DEHYDRATION_RISK = "dehydration_risk"
    UTI_RISK = "uti_risk"
    FALL_RISK = "fall_risk"
    POSSIBLE_FALL = "possible_fall"
    NO_MOVEMENT = "no_movement"
    NIGHT_WANDERING = "night_wandering"
    HELP_BUTTON = "help_button"
    UNUSUAL_DAY = "unusual_day"
    SENSOR_SILENT = "sensor_silent"
    SENSOR_FAULT = "sensor_fault"  # it is stuck, or not what it is listed as
    BATTERY_LOW = "battery_low"
    HUB_SILENT = "hub_silent"
    HUB_RESTARTS = "hub_restarts"  # its process ends and is started again, over and over
    HUB_FORGOT = "hub_forgot"  # its journal is gone, with what it had not sent
    HUB_MEMORY = "hub_memory"
    HUB_DEAF = "hub_deaf"  # its broker, or a bridge of its sensors, is away
    HUB_CLOCK = "hub_clock"  # what its sensors tell comes too late, or behind a clock once ahead
    DETECTOR_FAILED = "detector_failed"  # its subject is what that one watches for
    COLD_HOME = "cold_home"
    HOT_HOME = "hot_home"
    HOUSEHOLD_RULE = "household_rule"  # one that staff set for this home; its subject is the rule
    URGENT_HOUSEHOLD_RULE = "urgent_household_rule"
    TEST_ALERT = "test_alert"  # raised on purpose by staff, to see that an alert arrives


class State(StrEnum):
    """A detector's answer. `BLIND` is an answer too: it says why it cannot say."""

    LEARNING = "learning"
    NORMAL = "normal"
    RAISED = "raised"
    BLIND = "blind"


class Severity(StrEnum):
    """How soon a person must look at an alert."""

    URGENT = "urgent"  # within minutes
    ADVISORY = "advisory"  # the same day
    TECHNICAL = "technical"  # about a sensor, a hub or the home, not the person


SEVERITY: dict[str, Severity] = {
    Condition.DEHYDRATION_RISK: Severity.ADVISORY,
    Condition.UTI_RISK: Severity.ADVISORY,
    Condition.FALL_RISK: Severity.ADVISORY,
    Condition.UNUSUAL_DAY: Severity.ADVISORY,
    Condition.POSSIBLE_FALL: Severity.URGENT,
    Condition.NO_MOVEMENT: Severity.URGENT,
    Condition.NIGHT_WANDERING: Severity.URGENT,
    Condition.HELP_BUTTON: Severity.URGENT,
    Condition.SENSOR_SILENT: Severity.TECHNICAL,
    Condition.SENSOR_FAULT: Severity.TECHNICAL,
    Condition.BATTERY_LOW: Severity.TECHNICAL,
    Condition.HUB_SILENT: Severity.TECHNICAL,
    Condition.HUB_RESTARTS: Severity.TECHNICAL,
    Condition.HUB_FORGOT: Severity.TECHNICAL,
    Condition.HUB_MEMORY: Severity.TECHNICAL,
    Condition.HUB_DEAF: Severity.TECHNICAL,
    Condition.HUB_CLOCK: Severity.TECHNICAL,
    Condition.DETECTOR_FAILED: Severity.TECHNICAL,
    Condition.COLD_HOME: Severity.TECHNICAL,
    Condition.HOT_HOME: Severity.TECHNICAL,
    Condition.HOUSEHOLD_RULE: Severity.ADVISORY,
    Condition.URGENT_HOUSEHOLD_RULE: Severity.URGENT,
    Condition.TEST_ALERT: Severity.URGENT,  # it goes the way that matters most
}


MAY_BE_OFF: tuple[Condition, ...] = (
    Condition.DEHYDRATION_RISK, Condition.UTI_RISK, Condition.FALL_RISK, Condition.POSSIBLE_FALL,
    Condition.NO_MOVEMENT, Condition.NIGHT_WANDERING, Condition.UNUSUAL_DAY,
    Condition.HOUSEHOLD_RULE, Condition.URGENT_HOUSEHOLD_RULE,
)  # fmt: skip
"""What tells of how a person lives, and so may be switched off for a home.

A call for help is the person's own doing; the rest is about the home and its equipment.
"""


class Outcome(StrEnum):
    """What an alert turned out to be. What staff record here tunes the next alert."""

    TRUE_CONCERN = "true_concern"  # something was wrong, and help was given or arranged
    KNOWN_REASON = "known_reason"  # it happened, for a reason that is no concern (away, visitors)
    FALSE_ALARM = "false_alarm"  # it did not happen
    NO_CONTACT = "no_contact"  # nobody could be reached; handed on as the centre's rules say
    EQUIPMENT = "equipment"  # a sensor, a hub or its link, seen to
    TEST = "test"  # raised on purpose
