-- The audit log. Entries are made by a function of the database alone; nothing changes them.

-- name: note
select audit_note($1, $2, $3, $4, $5, $6)

-- name: chains
select chain from audit_chain union select distinct chain from audit order by 1

-- One statement sees one moment: the head of the chain as it was when these entries were read.
-- name: entries
select h.entries as head_entries, h.hash as head_hash, a.*
from (select $1::bigint as chain) w
left join audit_chain h on h.chain = w.chain
left join lateral (
    select * from audit a where a.chain = w.chain and a.number > $2 order by a.number limit $3
) a on true
order by a.number

-- name: newest
select number, at, actor, session, correlation, action, kind, subject, detail
from audit where chain = $1 and number < $2 order by number desc limit $3
