"""What must hold whoever writes: versions grow, stale writes and machines' un-killing are refused, processes are told."""

from django.db import migrations

GUARD = """
CREATE FUNCTION flags_guard_flag() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.everyone IS FALSE AND (TG_OP = 'DELETE' OR NEW.everyone IS NOT FALSE) AND NOT EXISTS (
        SELECT 1 FROM auth_user WHERE is_active AND id::text = current_setting('comanda.released_by', true)
    ) THEN
        RAISE EXCEPTION '% is killed: only a person releases it', OLD.name USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF NEW.version <> OLD.version THEN
        RAISE EXCEPTION '% changed since it was read', OLD.name USING ERRCODE = 'serialization_failure';
    END IF;
    IF NEW.salt <> OLD.salt THEN
        RAISE EXCEPTION 'the salt of % never changes', OLD.name USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.version := OLD.version + 1;
    RETURN NEW;
END
$$;
CREATE TRIGGER flags_guard_flag BEFORE UPDATE OR DELETE ON flags_rolloutflag
    FOR EACH ROW EXECUTE FUNCTION flags_guard_flag();
"""
NO_GUARD = "DROP TRIGGER flags_guard_flag ON flags_rolloutflag; DROP FUNCTION flags_guard_flag();"

TELL = """
CREATE FUNCTION flags_tell_processes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    now_at bigint;
BEGIN
    INSERT INTO flags_rolloutversion AS known (id, version, changed_at) VALUES (1, 1, clock_timestamp())
    ON CONFLICT (id) DO UPDATE SET version = known.version + 1, changed_at = clock_timestamp()
    RETURNING version INTO now_at;
    PERFORM pg_notify('comanda_rollout', now_at::text);
    RETURN NULL;
END
$$;
CREATE TRIGGER flags_tell_processes AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON flags_rolloutflag
    FOR EACH STATEMENT EXECUTE FUNCTION flags_tell_processes();
CREATE TRIGGER flags_tell_processes AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON flags_restaurantoverride
    FOR EACH STATEMENT EXECUTE FUNCTION flags_tell_processes();
"""
TELL_NOBODY = """
DROP TRIGGER flags_tell_processes ON flags_restaurantoverride;
DROP TRIGGER flags_tell_processes ON flags_rolloutflag;
DROP FUNCTION flags_tell_processes();
"""

APPEND_ONLY = """
CREATE FUNCTION flags_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rollout events are append-only' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER flags_event_append_only BEFORE UPDATE OR DELETE ON flags_rolloutevent
    FOR EACH ROW EXECUTE FUNCTION flags_refuse_rewriting();
"""
REWRITABLE = "DROP TRIGGER flags_event_append_only ON flags_rolloutevent; DROP FUNCTION flags_refuse_rewriting();"

# waffle makes a table for its own flag although ours is swapped in: nobody should edit that one and wonder.
STOCK_CLOSED = """
CREATE FUNCTION flags_refuse_stock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'this table is not used: flags live in flags_rolloutflag' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER flags_refuse_stock BEFORE INSERT OR UPDATE ON waffle_flag
    FOR EACH ROW EXECUTE FUNCTION flags_refuse_stock();
"""
STOCK_OPEN = "DROP TRIGGER IF EXISTS flags_refuse_stock ON waffle_flag; DROP FUNCTION flags_refuse_stock();"


class Migration(migrations.Migration):
    dependencies = [
        ("flags", "0002_rollout_tables"),
        ("waffle", "0004_update_everyone_nullbooleanfield"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [
        migrations.RunSQL(sql=GUARD, reverse_sql=NO_GUARD),
        migrations.RunSQL(sql=TELL, reverse_sql=TELL_NOBODY),
        migrations.RunSQL(sql=APPEND_ONLY, reverse_sql=REWRITABLE),
        migrations.RunSQL(sql=STOCK_CLOSED, reverse_sql=STOCK_OPEN),
    ]
