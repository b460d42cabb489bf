-- A journal of schema 8, as the code of that schema wrote it.
pragma user_version = 8;
pragma application_id = 1952776200;
pragma journal_mode = wal;
BEGIN TRANSACTION;
CREATE TABLE centre_clock (
    only integer primary key check (only = 1),
    ahead real not null,
    sure real not null,
    measured_at real not null
) strict;
CREATE TABLE clock (
    only integer primary key check (only = 1),
    newest real,
    received real
, sum integer) strict;
INSERT INTO "clock" VALUES(1,1772330400.0,1772330400.0,1537833820);
CREATE TABLE command (
    id text primary key,
    taken_at real not null
) strict, without rowid;
CREATE TABLE commands (
    only integer primary key check (only = 1),
    number integer not null
) strict;
CREATE TABLE configuration (
    version integer primary key,
    digest text not null,
    content blob not null,
    state text not null check (state in ('trial', 'good', 'refused', 'reverted')),
    starts integer not null default 0,
    taken_at real not null
, boot text not null default '', applied integer not null default 0) strict;
CREATE TABLE counters (
    name text primary key,
    count integer not null
) strict, without rowid;
INSERT INTO "counters" VALUES('events',3);
INSERT INTO "counters" VALUES('messages',3);
CREATE TABLE deaf (
    network text not null,
    since real not null,
    until real,
    primary key (network, since)
) strict, without rowid;
CREATE TABLE deliveries (
    slot integer primary key,
    number integer not null,
    mid integer not null,
    digest blob not null
) strict;
INSERT INTO "deliveries" VALUES(1,1,1,X'6F6E65');
INSERT INTO "deliveries" VALUES(2,2,2,X'6F6E656F6E65');
INSERT INTO "deliveries" VALUES(3,3,3,X'6F6E656F6E656F6E65');
CREATE TABLE devices (
    name text primary key,
    state blob not null
, sum integer) strict, without rowid;
INSERT INTO "devices" VALUES('bathroom-motion',X'7B226E223A317D',2919957668);
CREATE TABLE engine (
    only integer primary key check (only = 1),
    offset integer not null,
    driven real,
    checkpoint blob not null
, sum integer) strict;
INSERT INTO "engine" VALUES(1,3,1772326800.0,X'636865636B706F696E74',3980772185);
CREATE TABLE epochs (
    base integer primary key,
    epoch text not null,
    begun_at real not null,
    reason text not null,
    sum integer
) strict;
INSERT INTO "epochs" VALUES(0,'772a2bde9a684a37b4f2d147468c0075',1772323200.0,'the hub began',49506270);
CREATE TABLE held (
    id integer primary key autoincrement,
    boot text not null,
    elapsed real not null,
    clock real not null,
    topic text not null,
    payload blob not null,
    mid integer not null,
    dup integer not null,
    retain integer not null
) strict;
CREATE TABLE identity (
    only integer primary key check (only = 1),
    hub text not null,
    home text not null,
    epoch text not null
, sum integer, epochs text not null default '') strict;
INSERT INTO "identity" VALUES(1,'hub-1','h1','772a2bde9a684a37b4f2d147468c0075',276602974,'0 772a2bde9a684a37b4f2d147468c0075 49506270');
CREATE TABLE journal (
    seq integer primary key,
    kind text not null,
    urgent integer not null default 0,
    written_at real not null,
    body blob not null
, sum integer) strict;
INSERT INTO "journal" VALUES(1,'event',0,1772323200.0,X'7B2276223A312C22686F6D65223A226831222C2273656E736F72223A2262617468726F6F6D2D6D6F74696F6E222C226B696E64223A226D6F74696F6E222C22706C616365223A2262617468726F6F6D222C226174223A22323032362D30332D30315430303A30303A30305A222C2276616C7565223A312C227175616C697479223A226F6B227D',4901773059035829435);
INSERT INTO "journal" VALUES(2,'event',0,1772326800.0,X'7B2276223A312C22686F6D65223A226831222C2273656E736F72223A2262617468726F6F6D2D6D6F74696F6E222C226B696E64223A226D6F74696F6E222C22706C616365223A2262617468726F6F6D222C226174223A22323032362D30332D30315430313A30303A30305A222C2276616C7565223A312C227175616C697479223A226F6B227D',7069020191169097763);
INSERT INTO "journal" VALUES(3,'event',0,1772330400.0,X'7B2276223A312C22686F6D65223A226831222C2273656E736F72223A2262617468726F6F6D2D6D6F74696F6E222C226B696E64223A226D6F74696F6E222C22706C616365223A2262617468726F6F6D222C226174223A22323032362D30332D30315430323A30303A30305A222C2276616C7565223A312C227175616C697479223A226F6B227D',5389630867660152586);
INSERT INTO "journal" VALUES(4,'health',0,1772334000.0,X'7B2276223A312C22687562223A226875622D31222C22686F6D65223A226831222C226174223A22323032362D30332D30315430333A30303A30305A227D',4690391953282894071);
CREATE TABLE leap (
    id integer primary key,
    after integer not null,
    since real not null,
    until real not null,
    sum integer not null
) strict;
CREATE TABLE lost (
    first integer primary key,
    last integer not null,
    sum integer not null
) strict;
CREATE TABLE notes (
    name text primary key,
    at real not null,
    text text not null
) strict, without rowid;
CREATE TABLE quarantine (
    id integer primary key,
    at real not null,
    topic text not null,
    reason text not null,
    payload blob not null,
    once text unique
) strict;
CREATE TABLE session (
    only integer primary key check (only = 1),
    boot text not null,
    checked_at real not null,
    kept_from integer not null default 1,
    is_open integer not null default 0,
    is_copy integer not null default 0
) strict;
INSERT INTO "session" VALUES(1,'b',1772323200.0,1,0,0);
CREATE TABLE set_back (
    after integer primary key,
    line real not null,
    passed real not null,
    sum integer not null
) strict;
CREATE TABLE spell (
    command text primary key,
    kind text not null,
    since real not null,
    until real not null,
    over integer not null default 0,
    announced integer not null default 0
, sum integer) strict, without rowid;
CREATE TABLE started (
    only integer primary key check (only = 1),
    boot text not null,
    at real not null,
    sum integer not null
) strict;
CREATE TABLE switched_off (
    id integer primary key,
    after integer not null,
    upto integer not null,
    driven real,
    conditions text not null,
    sum integer not null
) strict;
CREATE TABLE uplink (
    only integer primary key check (only = 1),
    cursor integer not null,
    receipt_at real not null
) strict;
INSERT INTO "uplink" VALUES(1,2,1772330400.0);
CREATE INDEX journal_events on journal (seq) where kind = 'event';
CREATE INDEX journal_urgent on journal (seq) where urgent = 1;
CREATE INDEX journal_alerts on journal (seq) where kind = 'alert';
CREATE INDEX journal_health on journal (seq) where kind = 'health';
CREATE INDEX journal_walk_steps on journal (seq) where kind = 'walk_step';
DELETE FROM "sqlite_sequence";
COMMIT;
