"""Tells whether somebody has changed a database by hand since it was migrated.

What migrations made is described in lines, one for each column, constraint, index, trigger, rule,
policy, function, role and right, and kept. Whatever differs later, nobody's migration has made, and
the next one may fail on it or, worse, not fail. What a change opens may lie far from the row or the
rule that it leaves as it was: in a trigger that is off, an option of a view, or what a role is.
"""

from api.store.database import Connection

_TABLE = "create table if not exists schema_made (line text primary key)"

_FORM = "described 2"
"""The line of `_DESCRIBE` that says how much is described: what is kept in another form cannot be
compared with it."""

# The months of the series come and go by themselves; an extension's own are its own affair. Roles
# are the whole server's, with other databases: ours alone, and what they were given.
_DESCRIBE = """
with alien as (
    select classid, objid from pg_depend where deptype = 'e'
), within as (
    select n.oid, n.nspname, n.nspowner, n.nspacl from pg_namespace n
    where n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
        and not exists (
            select from alien where classid = 'pg_namespace'::regclass and objid = n.oid)
), every as (
    select c.*, n.nspname || '.' || c.relname as name
    from pg_class c
    join within n on n.oid = c.relnamespace
    where not exists (select from alien where classid = 'pg_class'::regclass and objid = c.oid)
), ours as (
    select * from every where relkind in ('r', 'p', 'v', 'm', 'f', 'S') and not relispartition
), code as (
    select f.*, n.nspname || '.' || f.oid::regprocedure as name
    from pg_proc f
    join within n on n.oid = f.pronamespace
    where not exists (select from alien where classid = 'pg_proc'::regclass and objid = f.oid)
), granted as (
    select name, relowner as owner, relacl as acl from every
    union all
    select e.name || '.' || a.attname, e.relowner, a.attacl
    from every e join pg_attribute a on a.attrelid = e.oid
    union all
    select name, proowner, coalesce(proacl, acldefault('f', proowner)) from code
    union all
    select 'schema ' || nspname, nspowner, nspacl from within
), role as (
    select * from pg_roles where rolname in ('telecare_organisation', 'telecare_centre')
), owner as (
    select relowner as login from pg_class where oid = to_regclass('migration')
)
select 'described 2' as line
union all
select format('column %s.%s %s%s%s', o.name, a.attname, format_type(a.atttypid, a.atttypmod),
    case when a.attnotnull then ' not null' end,
    ' default ' || pg_get_expr(d.adbin, d.adrelid))
from ours o
join pg_attribute a on a.attrelid = o.oid and a.attnum > 0 and not a.attisdropped
left join pg_attrdef d on d.adrelid = o.oid and d.adnum = a.attnum
where o.relkind <> 'S'
union all
select format('constraint %s.%s %s', o.name, k.conname, pg_get_constraintdef(k.oid))
from ours o join pg_constraint k on k.conrelid = o.oid
union all
select format('index %s', pg_get_indexdef(i.indexrelid))
from ours o join pg_index i on i.indrelid = o.oid
union all
select format('trigger %s', pg_get_triggerdef(t.oid))
from ours o join pg_trigger t on t.tgrelid = o.oid where not t.tgisinternal
union all
-- Of a month's, too, and of those that hold a table to what it refers to.
select format('trigger %s of %s %s', t.tgname, e.name,
    case t.tgenabled when 'D' then 'is off' when 'R' then 'is off but for replicas'
        else 'is on for replicas too' end)
from every e join pg_trigger t on t.tgrelid = e.oid where t.tgenabled <> 'O'
union all
select format('event trigger %s %s', t.evtname, t.evtenabled)
from pg_event_trigger t
where not exists (select from alien where classid = 'pg_event_trigger'::regclass and objid = t.oid)
union all
select format('rule %s.%s %s%s', e.name, r.rulename, md5(pg_get_ruledef(r.oid)),
    case when r.ev_enabled <> 'O' then ' changed when it holds' end)
from every e join pg_rewrite r on r.ev_class = e.oid where r.rulename <> '_RETURN'
union all
select format('policy %s.%s for %s to %s using %s check %s', o.name, p.polname, p.polcmd,
    array(select r::regrole from unnest(p.polroles) as r order by 1),
    pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
from ours o join pg_policy p on p.polrelid = o.oid
union all
select format('row security %s', name) from ours where relrowsecurity
union all
select format('row security of the owner %s', name) from ours where relforcerowsecurity
union all
select format('option %s %s', o.name, option) from ours o, unnest(o.reloptions) as option
where o.relkind in ('v', 'm')  -- a table's, such as when to tidy it up, are the server's operator's
union all
select format('unlogged %s', name) from every where relpersistence <> 'p'
union all
select format('owner of %s %s', e.name, e.relowner::regrole)
from every e, owner where e.relowner <> owner.login
union all
select format('owner of %s %s', f.name, f.proowner::regrole)
from code f, owner where f.proowner <> owner.login
union all
select format('rights %s %s %s%s', g.name, case when acl.grantee = 0 then 'everybody'
    else acl.grantee::regrole::text end, lower(acl.privilege_type),
    case when acl.is_grantable then ' and to pass it on' end)
from granted g, aclexplode(g.acl) as acl where acl.grantee <> g.owner
union all
select format('schema %s', nspname) from within
union all
select format('rights to come%s %s %s by %s', ' in ' || n.nspname, d.defaclobjtype, acl,
    d.defaclrole::regrole)
from pg_default_acl d
left join pg_namespace n on n.oid = d.defaclnamespace, unnest(d.defaclacl) as acl
union all
select format('%s view %s %s', case o.relkind when 'm' then 'materialized' else 'plain' end,
    o.name, md5(pg_get_viewdef(o.oid)))
from ours o where o.relkind in ('v', 'm')
union all
select format('function %s %s', f.name, md5(pg_get_functiondef(f.oid)))
from code f where f.prokind in ('f', 'p')
union all
select format('role %s%s', rolname, concat(
    case when rolsuper then ' superuser' end, case when rolbypassrls then ' bypassrls' end,
    case when rolcreaterole then ' createrole' end, case when rolcreatedb then ' createdb' end,
    case when rolcanlogin then ' login' end, case when rolreplication then ' replication' end))
from role
union all
select format('role %s is also %s', m.member::regrole, m.roleid::regrole)
from pg_auth_members m join role r on r.oid = m.member
"""

_KEEP = "insert into schema_made select distinct line from (" + _DESCRIBE + ") as it"  # noqa: S608 - both are ours
_COMPARE = """
select coalesce(i.line, m.line) as line, i.line is null as gone
from schema_made m
full join (select distinct line from (described) as it) as i on i.line = m.line
where i.line is null or m.line is null
order by 1, 2
"""


async def described(connection: Connection) -> bool:
    """Whether it is kept, in this version's form, what the database looks like."""
    if not await connection.fetchval("select to_regclass('schema_made') is not null"):
        return False
    found = await connection.fetchval("select true from schema_made where line = $1", _FORM)
    return found is not None


async def keep_description(connection: Connection) -> None:
    """Keeps what the database looks like, in the transaction that has migrated it."""
    await connection.execute(_TABLE)
    await connection.execute("delete from schema_made")
    await connection.execute(_KEEP)


async def drift(connection: Connection) -> list[str]:
    """What differs from what the migrations made, in words; empty where nothing does.

    A database that was last migrated by a version that kept no description, or described less,
    tells nothing.
    """
    if not await described(connection):
        return []
    rows = await connection.fetch(_COMPARE.replace("(described)", f"({_DESCRIBE})"))
    return [f"{'is gone' if row['gone'] else 'was added'}: {row['line']}" for row in rows]
