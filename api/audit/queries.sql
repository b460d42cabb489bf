-- The audit log. Entries are made by a function of the database alone; nothing changes them.

-- name: note
select audit_note($1, $2, $3, $4, $5, $6)

-- name: chains
select chain from audit_chain union select distinct chain from audit order by 1

-- One statement sees one moment: the head of the chain as it was when these entries were read.
-- name: entries
select h.entries as head_entries, h.hash as head_hash, h.begins as start_entries, h.anchor as start_hash, a.*
from (select $1::bigint as chain) w
left join audit_chain h on h.chain = w.chain
left join lateral (
    select * from audit a where a.chain = w.chain and a.number > $2 order by a.number limit $3
) a on true
order by a.number

-- name: newest
-- $4 to $7 narrow it: a home (with its alerts and hubs), a member of staff (with their tokens), from
-- and to before a moment; each null for all.
select a.number, a.at, a.actor, a.session, a.correlation, a.action, a.kind, a.subject, a.detail,
    coalesce(s.username, '') as username
from audit a
left join staff s on s.id = substring(a.actor from 'staff:([0-9]{1,18})$')::bigint
where a.chain = $1 and a.number < $2
    and ($4::text is null
        or (a.kind = 'home' and a.subject = $4)
        or (a.kind = 'hub' and a.subject in (select hub from hub where home = $4))
        or (a.kind = 'alert' and a.subject in (select id::text from alert where home = $4)))
    and ($5::text is null or s.username = $5)
    and ($6::timestamptz is null or a.at >= $6)
    and ($7::timestamptz is null or a.at < $7)
order by a.number desc limit $3
