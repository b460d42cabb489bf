"""A detector's answer about one condition at one time, with its reasons in numbers."""

from contract.base import Instant, Message, Name, Part, Share


class Day(Part, frozen=True, kw_only=True):
    """One point of an evidence chart.

    Attributes:
        day: The person's local day, `YYYY-MM-DD`.
        value: What was measured, in the unit of the evidence; None where the day could not be seen.
        usual, low, high: What was usual for this person when that day was judged; the band holds
            about nine ordinary days in ten.
    """

    day: str
    value: float | None = None
    usual: float | None = None
    low: float | None = None
    high: float | None = None


class Evidence(Part, frozen=True, kw_only=True):
    """One measure that moved an assessment, against the person's own usual.

    Attributes:
        measure: Stable name of the measure, such as `bathroom_visits_night`.
        label: The same in plain English, such as `Bathroom visits at night (00 to 06)`.
        unit: What is counted or measured, such as `visits`, `minutes`, `m/s`.
        value: The measure now.
        usual, low, high: The person's usual and the band of ordinary days, where learned.
        share: The part of the score this measure bears.
        days: The last days, oldest first, for the chart and its table.
        text: One sentence, such as `5 visits last night; usually 1 to 2.`
    """

    measure: Name
    label: str
    unit: str
    value: float | None = None
    usual: float | None = None
    low: float | None = None
    high: float | None = None
    share: Share | None = None
    days: list[Day] = []
    text: str = ""


class Assessment(Message, frozen=True, kw_only=True):
    """What one detector says of one home at one time.

    Attributes:
        home: The home's identifier.
        condition: One of :class:`contract.vocabulary.Condition`, or a newer word.
        at: The moment the answer is about, in event time.
        state: One of :class:`contract.vocabulary.State`, or a newer word.
        score: From 0 (as usual) to 1 (as far from usual as the detector can tell); 0 while blind
            or learning.
        subject: What it is about when a home has several (a sensor's name for `sensor_silent`).
        evidence: What moved it, the weightiest first.
        excluded: What was considered besides, one sentence each: what was ruled out, and why this
            home's alerts are raised sooner or later than others.
        reason: Why it cannot say, for `blind` and `learning`; for `normal`, what ended what was
            raised before, where it did.
        text: What was observed, in one plain sentence. Never a diagnosis.
        prompt: What staff may suggest, in one plain sentence.
    """

    home: Name
    condition: Name
    at: Instant
    state: str
    score: Share = 0.0
    subject: str = ""
    evidence: list[Evidence] = []
    excluded: list[str] = []
    reason: str = ""
    text: str = ""
    prompt: str = ""
