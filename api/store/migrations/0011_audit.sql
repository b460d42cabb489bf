-- Who read or did what, as chains of hashes: one chain for each organisation, number 0 for what is
-- about none or about several. Each entry's hash covers what it says and the hash before it.
--
-- The head of a chain is locked from the entry until the end of its transaction, so what is noted is
-- noted last, and only those who work for one organisation wait for each other.

create table audit_chain (
    chain bigint primary key,
    entries bigint not null,
    hash bytea not null
);

create table audit (
    chain bigint not null,
    number bigint not null,
    at timestamptz not null,
    actor text not null,        -- staff:7, token:3, hub:hub-1, centre; never a name
    session text not null,      -- the number of the session, never its token
    correlation text not null,  -- the same for all that one request did
    action text not null,
    kind text not null,
    subject text not null,
    detail text not null,
    previous bytea not null,
    hash bytea not null,
    primary key (chain, number)
);
create index audit_at on audit (at);
create trigger append_only before update or delete or truncate on audit
    execute function refuse_change();

-- One field as it is hashed: how many bytes, then these, so that no two rows read the same.
create function audit_part(part text) returns text language sql immutable as $$
    select octet_length(convert_to(part, 'UTF8')) || ':' || part
$$;

create function audit_chain_of(about text, which text) returns bigint
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    whose bigint;
begin
    if about = 'home' then
        select organisation into whose from home where home = which;
    elsif about = 'alert' then
        select organisation into whose from alert where id = which::bigint;
    elsif about = 'hub' then
        select h.organisation into whose from hub join home h on h.home = hub.home where hub.hub = which;
    end if;
    if about = 'organisation' then
        whose := which::bigint;
    end if;
    if whose is null and cardinality(reach()) = 1 then
        whose := (reach())[1];
    end if;
    return coalesce(whose, 0);
end $$;

create function audit_note(
    at timestamptz, action text, kind text, subject text, detail text, actor text
) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
    whose bigint := audit_chain_of(kind, subject);
    who text := coalesce(nullif(actor, ''), nullif(current_setting('telecare.actor', true), ''), 'centre');
    session text := coalesce(current_setting('telecare.session', true), '');
    correlation text := coalesce(current_setting('telecare.correlation', true), '');
    head audit_chain;
    sealed bytea;
begin
    insert into audit_chain values (whose, 0, '\x') on conflict do nothing;
    select * into head from audit_chain c where c.chain = whose for update;
    sealed := sha256(head.hash || convert_to(
        audit_part(whose::text) || audit_part((head.entries + 1)::text)
        || audit_part(floor(extract(epoch from at) * 1000000)::bigint::text)
        || audit_part(who) || audit_part(session) || audit_part(correlation)
        || audit_part(action) || audit_part(kind) || audit_part(subject) || audit_part(detail), 'UTF8'));
    insert into audit values (
        whose, head.entries + 1, at, who, session, correlation, action, kind, subject, detail,
        head.hash, sealed);
    update audit_chain c set entries = head.entries + 1, hash = sealed where c.chain = whose;
end $$;

alter table audit enable row level security;
alter table audit_chain enable row level security;
create policy own on audit for select to telecare_organisation
    using (chain = any ((select reach())::bigint[]));
create policy whole on audit for select to telecare_centre using (true);
create policy whole on audit_chain for select to telecare_centre using (true);
grant select on audit to telecare_organisation, telecare_centre;
grant select on audit_chain to telecare_centre;
revoke execute on function audit_note, audit_chain_of from public;
grant execute on function audit_note to telecare_organisation, telecare_centre;

-- A session is named by a number where its token must not be.
alter table session add column id bigint generated always as identity unique;
