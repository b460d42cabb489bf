"""Tells whether somebody has changed a database by hand since it was migrated.

What migrations made is described in lines, one for each column, constraint, index, trigger, policy,
function and right, and kept. Whatever differs later, nobody's migration has made, and the next
one may fail on it or, worse, not fail.
"""

from api.store.database import Connection

_TABLE = "create table if not exists schema_made (line text primary key)"

# The months of the series come and go by themselves; an extension's own are its own affair.
_DESCRIBE = """
with ours as (
    select c.oid, n.nspname || '.' || c.relname as name, c.relkind, c.relacl
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in (current_schema(), 'series')
        and c.relkind in ('r', 'p', 'v', 'S')
        and not c.relispartition
        and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
)
select format('column %s.%s %s%s%s', o.name, a.attname, format_type(a.atttypid, a.atttypmod),
    case when a.attnotnull then ' not null' end,
    ' default ' || pg_get_expr(d.adbin, d.adrelid)) as line
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
select format('policy %s.%s for %s to %s using %s check %s', o.name, p.polname, p.polcmd,
    array(select r::regrole from unnest(p.polroles) as r order by 1),
    pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
from ours o join pg_policy p on p.polrelid = o.oid
union all
select format('row security %s', o.name)
from ours o join pg_class c on c.oid = o.oid where c.relrowsecurity
union all
select format('rights %s %s', o.name, acl)
from ours o, unnest(o.relacl) as acl
union all
select format('view %s %s', o.name, md5(pg_get_viewdef(o.oid)))
from ours o where o.relkind = 'v'
union all
select format('function %s.%s %s', n.nspname, f.oid::regprocedure, md5(pg_get_functiondef(f.oid)))
from pg_proc f
join pg_namespace n on n.oid = f.pronamespace
where n.nspname in (current_schema(), 'series') and f.prokind = 'f'
    and not exists (select from pg_depend d where d.objid = f.oid and d.deptype = 'e')
"""


_KEEP = "insert into schema_made select distinct line from (" + _DESCRIBE + ") as it"  # noqa: S608 - both are ours
_COMPARE = """
select coalesce(i.line, m.line) as line, i.line is null as gone
from schema_made m
full join (select distinct line from (described) as it) as i on i.line = m.line
where i.line is null or m.line is null
order by 1, 2
"""


async def keep_description(connection: Connection) -> None:
    """Keeps what the database looks like, in the transaction that has migrated it."""
    await connection.execute(_TABLE)
    await connection.execute("delete from schema_made")
    await connection.execute(_KEEP)


async def drift(connection: Connection) -> list[str]:
    """What differs from what the migrations made, in words; empty where nothing does.

    A database that was last migrated by a version that kept no description tells nothing.
    """
    if not await connection.fetchval("select to_regclass('schema_made') is not null"):
        return []
    rows = await connection.fetch(_COMPARE.replace("(described)", f"({_DESCRIBE})"))
    return [f"{'is gone' if row['gone'] else 'was added'}: {row['line']}" for row in rows]
