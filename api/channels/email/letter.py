"""Writes one e-mail. Pure."""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from api.channels.protocol import Message
from api.channels.words import headline, paragraphs


def write(message: Message, *, sender: str, to: str, full: bool, link: str) -> EmailMessage:
    """The e-mail, the same at each try but for its date.

    Its `Message-ID` is the message's key, and what is told of one alert is one thread.
    """
    domain = sender.rpartition("@")[2]
    letter = EmailMessage(policy=SMTP)
    letter["From"], letter["To"] = sender, to
    letter["Subject"] = headline(message.told)
    letter["Date"] = format_datetime(message.tried_at)
    letter["Message-ID"] = f"<{message.key}@{domain}>"
    if message.told.alert:
        letter["References"] = f"<alert-{message.told.alert}@{domain}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content("\n\n".join(paragraphs(message.told, full=full, link=link)) + "\n")
    return letter
