"""The named queries of this room."""

from dataclasses import dataclass

from api.store.queries import load


@dataclass(frozen=True)
class _Sql:
    home: str
    lock_home: str
    lock_home_whole: str
    residents: str
    lock_resident: str
    add_resident: str
    change_resident: str
    to_be_aged: str
    age_resident: str
    profiles: str
    add_profile: str
    newest_profile: str
    consents: str
    add_consent: str
    newest_consent: str
    run_out: str
    run_out_of: str
    on_record: str
    allowed: str
    sharing: str
    fitted: str
    hubs: str
    untold: str
    begun: str
    add_spell: str
    overlapping: str
    sort: str
    lock_spell: str
    begin_spell: str
    end_spell: str
    spell_told: str
    spells: str
    spell_commands: str
    superseded: str
    due: str
    to_talk_about: str
    without_residents: str
    going_on: str
    going_on_commands: str
    away: str
    situations: str
    export: str
    export_more: str
    erase_home: str
    erase_resident: str
    strike_out: str
    organisation: str
    forget_hubs: str


SQL = load(_Sql)
