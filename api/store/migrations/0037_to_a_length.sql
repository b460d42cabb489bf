-- What a hub says in 200,000 characters would go out with each look at the queue and to each destination.
-- It is taken in all the same, for it may be a call for help, and kept whole in the report; what lists and
-- messages say of it is cut, here, so that no way of writing an alert can forget it.

create function to_a_length(words text, most integer) returns text language sql immutable as $$
    select case when char_length(words) > most then left(words, most - 1) || '…' else words end
$$;

create function cut_what_is_shown() returns trigger language plpgsql as $$
begin
    new.text := to_a_length(new.text, 1000);
    new.prompt := to_a_length(new.prompt, 1000);
    -- Names have 128 at most; a longer one is nobody's.
    new.subject := to_a_length(new.subject, 128);
    new.severity := to_a_length(new.severity, 128);
    return new;
end $$;
create trigger cut_what_is_shown before insert or update of text, prompt, subject, severity on alert
    for each row execute function cut_what_is_shown();

update alert set text = text
where char_length(text) > 1000 or char_length(prompt) > 1000
    or char_length(subject) > 128 or char_length(severity) > 128;
