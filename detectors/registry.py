"""Every detector there is. A new one is one module and one line here."""

from collections.abc import Callable

from detectors.battery_low import BatteryLow
from detectors.cold_home import ColdHome
from detectors.dehydration_risk import DehydrationRisk
from detectors.fall_risk import FallRisk
from detectors.help_button import HelpButton
from detectors.hot_home import HotHome
from detectors.household_rules import HouseholdRule, UrgentHouseholdRule
from detectors.night_wandering import NightWandering
from detectors.no_movement import NoMovement
from detectors.possible_fall import PossibleFall
from detectors.profile import HomeProfile
from detectors.protocol import Detector
from detectors.sensor_silent import SensorSilent
from detectors.unusual_day import UnusualDayWatch
from detectors.uti_risk import UtiRisk

Factory = Callable[[HomeProfile], Detector]

DETECTORS: tuple[Factory, ...] = (
    DehydrationRisk,
    UtiRisk,
    FallRisk,
    PossibleFall,
    NoMovement,
    NightWandering,
    UnusualDayWatch,
    HelpButton,
    SensorSilent,
    BatteryLow,
    ColdHome,
    HotHome,
    HouseholdRule,
    UrgentHouseholdRule,
)
