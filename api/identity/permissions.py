"""Who may do what: one table of roles and permissions, asked by every route and every service.

`python -m api.identity.permissions` prints it as it stands in docs/centre.md.
"""

from enum import StrEnum


class Role(StrEnum):
    """What a member of staff is trusted with."""

    OPERATOR = "operator"  # handles alerts
    SUPERVISOR = "supervisor"  # answers for a shift, and for what homes are set to
    INSTALLER = "installer"  # fits hubs and sensors; sees nothing of how a person lives
    CARE_PROFESSIONAL = "care_professional"  # looks, and changes nothing
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """One thing that may be done; also the name of the scope that a token needs for it."""

    READ_ALERTS = "alerts:read"
    HANDLE_ALERTS = "alerts:handle"
    SHELVE_LONG = "alerts:shelve-long"
    SET_DUTIES = "duties:set"
    READ_HOMES = "homes:read"
    READ_DAYS = "days:read"
    READ_CONFIGURATION = "configuration:read"
    PUT_CONFIGURATION = "configuration:put"
    READ_COMMANDS = "commands:read"
    SEND_COMMANDS = "commands:send"
    SEND_LONG = "commands:send-long"
    READ_RESPONSE = "response:read"
    SET_RESPONSE = "response:set"
    READ_NUMBERS = "contacts:call"
    OPEN_KEY_SAFE = "key-safe:open"
    DO_FOLLOW_UPS = "follow-ups:do"
    ADD_HUBS = "hubs:add"
    FIT_SENSORS = "sensors:fit"
    REVOKE_HUBS = "hubs:revoke"
    READ_AUDIT = "audit:read"
    MANAGE_SESSIONS = "sessions:manage"
    MANAGE_STAFF = "staff:manage"
    READ_ORGANISATIONS = "organisations:read"
    MANAGE_ORGANISATIONS = "organisations:manage"
    MANAGE_OUTBOX = "outbox:manage"
    READ_PEOPLE = "people:read"
    SET_PEOPLE = "people:set"
    SET_ABSENCE = "absence:set"
    EXPORT_PEOPLE = "people:export"
    ERASE_PEOPLE = "people:erase"
    READ_REPORTS = "reports:read"
    READ_COHORTS = "cohorts:read"
    CONTACT_COHORTS = "cohorts:contact"
    SET_COHORTS = "cohorts:set"
    SET_REABLEMENT = "reablement:set"
    READ_FHIR = "fhir:read"
    EXPORT = "data:export"
    IDENTIFY = "data:identify"


SAYS: dict[Permission, str] = {
    Permission.READ_ALERTS: "see the queue and alerts",
    Permission.HANDLE_ALERTS: "claim alerts, act on them and end them",
    Permission.SHELVE_LONG: "shelve an alert for more than a day",
    Permission.SET_DUTIES: "set how soon alerts are to be looked at",
    Permission.READ_HOMES: "see homes, their hubs and when sensors were heard",
    Permission.READ_DAYS: "see what went on in a home, day by day",
    Permission.READ_CONFIGURATION: "see a home's configuration",
    Permission.PUT_CONFIGURATION: "set a home's configuration",
    Permission.READ_COMMANDS: "see what hubs were told",
    Permission.SEND_COMMANDS: "have hubs do something",
    Permission.SEND_LONG: "leave a home unwatched for long, or have a hub learn anew",
    Permission.READ_RESPONSE: "see plans, contacts without numbers, and follow-up tasks",
    Permission.SET_RESPONSE: "set plans, contacts and key safes, and see who opened one",
    Permission.READ_NUMBERS: "see the numbers of contacts",
    Permission.OPEN_KEY_SAFE: "see the code of a key safe during an alert",
    Permission.DO_FOLLOW_UPS: "add follow-up tasks, hand them on and end them",
    Permission.ADD_HUBS: "add hubs, fit them, have one follow another, and print claim codes",
    Permission.FIT_SENSORS: "say which sensors a home has, and what each watches",
    Permission.REVOKE_HUBS: "let a hub go, so that nothing more is taken from it",
    Permission.READ_AUDIT: "read the audit log",
    Permission.MANAGE_SESSIONS: "see and end the sessions and tokens of others",
    Permission.MANAGE_STAFF: "see who works here, invite them, change their role, and let them go",
    Permission.READ_ORGANISATIONS: "see organisations, and what hangs on each",
    Permission.MANAGE_ORGANISATIONS: "add organisations and give them another name",
    Permission.MANAGE_OUTBOX: "see what others were told, and have it tried again",
    Permission.READ_PEOPLE: "see who lives in a home, and what they agreed to",
    Permission.SET_PEOPLE: "put people, their risk profile and their consent on record",
    Permission.SET_ABSENCE: "set a pause that a resident asked for, or an absence",
    Permission.EXPORT_PEOPLE: "export everything about a home",
    Permission.ERASE_PEOPLE: "erase a person or a home",
    Permission.READ_REPORTS: "read reports of an organisation's figures",
    Permission.READ_COHORTS: "see lists of people to call, and why",
    Permission.CONTACT_COHORTS: "record what came of calling somebody on a list",
    Permission.SET_COHORTS: "save and remove lists of people to call",
    Permission.SET_REABLEMENT: "begin and end a programme of reablement",
    Permission.READ_FHIR: "read what may be seen as FHIR resources",
    Permission.EXPORT: "take data out in bulk, by pseudonym",
    Permission.IDENTIFY: "take data out with whose it is",
}

_LOOK = {
    Permission.READ_ALERTS, Permission.READ_HOMES, Permission.READ_DAYS,
    Permission.READ_CONFIGURATION, Permission.READ_COMMANDS, Permission.READ_PEOPLE,
    Permission.READ_RESPONSE, Permission.READ_COHORTS,
}  # fmt: skip
_OPERATE = _LOOK | {
    Permission.HANDLE_ALERTS, Permission.SEND_COMMANDS, Permission.SET_ABSENCE,
    Permission.READ_NUMBERS, Permission.OPEN_KEY_SAFE, Permission.DO_FOLLOW_UPS,
    Permission.CONTACT_COHORTS,
}  # fmt: skip

ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.OPERATOR: frozenset(_OPERATE),
    Role.SUPERVISOR: frozenset(
        _OPERATE
        | {
            Permission.SHELVE_LONG, Permission.SET_DUTIES, Permission.READ_ORGANISATIONS,
            Permission.PUT_CONFIGURATION, Permission.SEND_LONG, Permission.SET_PEOPLE,
            Permission.SET_RESPONSE, Permission.ADD_HUBS, Permission.FIT_SENSORS,
            Permission.REVOKE_HUBS, Permission.READ_REPORTS, Permission.SET_COHORTS,
            Permission.SET_REABLEMENT, Permission.READ_FHIR, Permission.EXPORT,
        }
    ),
    Role.INSTALLER: frozenset(
        {
            Permission.READ_HOMES, Permission.READ_CONFIGURATION,
            Permission.READ_COMMANDS, Permission.SEND_COMMANDS, Permission.ADD_HUBS,
            Permission.FIT_SENSORS,
        }
    ),
    Role.CARE_PROFESSIONAL: frozenset(_LOOK | {Permission.READ_FHIR}),
    Role.ADMINISTRATOR: frozenset(Permission),
}  # fmt: skip


def allowed(role: str) -> frozenset[Permission]:
    """What a role may do; a role that this version does not know may do nothing."""
    return ALLOWED.get(Role(role), frozenset()) if role in set(Role) else frozenset()


def roles(permission: Permission) -> list[str]:
    """Who may do something, as the database names them."""
    return [role.value for role in Role if permission in ALLOWED[role]]


def named(role: str) -> str:
    """A role with its article, as it stands in a sentence."""
    word = role.replace("_", " ")
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def only(permission: Permission) -> str:
    """Says whose the permission is, for whoever has it not."""
    who = [named(role) for role in Role if permission in ALLOWED[role]]
    listed = who[0] if len(who) == 1 else f"{', '.join(who[:-1])} or {who[-1]}"
    return f"Only {listed} may {SAYS[permission]}."


def table() -> str:
    """The table as Markdown."""
    heads = " | ".join(role.replace("_", " ") for role in Role)
    lines = [f"| may | scope | {heads} |", "|---|---|" + "---|" * len(Role)]
    for permission in Permission:
        marks = " | ".join("yes" if permission in ALLOWED[role] else "" for role in Role)
        lines.append(f"| {SAYS[permission]} | `{permission}` | {marks} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(table(), end="")  # noqa: T201 - a command
