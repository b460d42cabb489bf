"""What was learned on development homes and then frozen."""

from detectors.models.counts import CountPrior
from detectors.models.levels import LevelPrior
from detectors.models.longest import SilencePrior
from detectors.routine import Tuning

ELSEWHERE = (CountPrior(75.0, 1.0, 2.5, 7.0, 30.0), CountPrior(3.0, 1.0, 1.5, 7.0, 30.0))
BATHROOM_NIGHT = CountPrior(1.7, 1.0, 0.9, 7.0, 30.0)
BATHROOM_DAY = CountPrior(12.5, 1.0, 0.9, 7.0, 30.0)
INTAKE_DAY = CountPrior(25.0, 1.0, 1.0, 7.0, 30.0)
KETTLE_DAY = CountPrior(5.0, 1.0, 1.0, 7.0, 30.0)
RESTLESS_NIGHT = CountPrior(5.0, 1.0, 2.0, 7.0, 45.0)
PACE = LevelPrior(0.0, 3.0, 0.01, 7.0, 45.0)
GAIT = LevelPrior(0.8, 1.0, 0.003, 7.0, 45.0)
UTI = Tuning(budget=0.25, ease=1.0, boldness=4.0, coupling=0.3, elsewhere=ELSEWHERE)
DEHYDRATION = Tuning(budget=0.25, ease=1.0, boldness=4.0, coupling=0.3, elsewhere=ELSEWHERE)
FALL_RISK = Tuning(budget=0.25, ease=1.0, boldness=3.0, coupling=0.0, elsewhere=ELSEWHERE)
STILLNESS = SilencePrior(usual=2400.0, days=5.0, stretch=1.6, least=1800.0, most=6 * 3600.0)
STILLNESS_DAILY = LevelPrior(40.0, 1.0, 900.0, 5.0, 30.0)
SILENCE = SilencePrior(usual=5 * 3600.0, days=5.0, stretch=1.5, least=3 * 3600.0, most=16 * 3600.0)
SILENCE_DAILY = LevelPrior(300.0, 1.0, 10000.0, 5.0, 30.0)
VOICE = SilencePrior(usual=90.0, days=5.0, stretch=2.0, least=60.0, most=2000.0)
