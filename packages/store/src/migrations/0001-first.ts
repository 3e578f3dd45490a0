/** The first schema: journal, outbox, resources with history, audit, access, counters. */
import { sql } from 'kysely'
import type { Migration } from '../migrate.ts'

export const first: Migration = {
  number: 1,
  name: 'first',
  statements: (dialect) => {
    const { blob, bigint, sequenceKey, clustered } = dialect
    return [
      sql`create table tenant (
        id ${sequenceKey}, name text not null unique, key_check text not null,
        repeats_from_ms ${bigint} not null)`,
      sql`create table journal (
        seq ${sequenceKey}, tenant integer not null, id text not null, source text not null,
        route text not null, route_version text not null, state text not null,
        message_type text not null, version text not null, sender text not null,
        control_key text not null, body_key text not null, charset text not null,
        flags text not null,
        size_bytes integer not null, received_at_ms ${bigint} not null,
        finished_at_ms ${bigint}, attempts integer not null, code text, place text,
        ledger_mapped integer, ledger_ignored integer, ledger_unmapped integer,
        ledger_paths text, resources text, purpose text, detail ${blob})`,
      sql`create unique index journal_id on journal (tenant, id)`,
      // Partial: only what is not finished, so that a long history costs an unfinished message nothing.
      sql`create index journal_unfinished on journal (tenant, state, seq) where state <> 'done'`,
      // Finds repeats by all of it, and a person's search by its beginning.
      sql`create index journal_control on journal (tenant, control_key, source, sender, body_key)`,
      sql`create table journal_envelope (
        seq ${bigint} primary key, tenant integer not null, envelope ${blob} not null)`,
      sql`create table message_patient (
        tenant integer not null, patient_key text not null, seq ${bigint} not null,
        primary key (tenant, patient_key, seq)) ${clustered}`,
      sql`create table resource (
        rid ${sequenceKey}, tenant integer not null, type text not null, id text not null,
        version integer not null, updated_at_ms ${bigint} not null, body ${blob} not null)`,
      sql`create unique index resource_id on resource (tenant, type, id)`,
      sql`create table resource_history (
        rid ${bigint} not null, version integer not null, tenant integer not null,
        updated_at_ms ${bigint} not null, body ${blob} not null, primary key (rid, version))`,
      sql`create table resource_token (
        tenant integer not null, parameter text not null, key text not null, rid ${bigint} not null,
        primary key (tenant, parameter, key, rid)) ${clustered}`,
      sql`create table resource_reference (
        tenant integer not null, parameter text not null, target text not null,
        rid ${bigint} not null, primary key (tenant, parameter, target, rid)) ${clustered}`,
      sql`create table outbox (
        seq ${sequenceKey}, tenant integer not null, id text not null,
        message_seq ${bigint} not null, message_id text not null, destination text not null,
        state text not null, lane_keys text not null, attempts integer not null,
        maybe_repeat integer not null, due_at_ms ${bigint} not null, settled_at_ms ${bigint},
        code text, agreement text not null, reply ${blob})`,
      sql`create table outbox_payload (
        seq ${bigint} primary key, tenant integer not null, payload ${blob} not null)`,
      sql`create unique index outbox_id on outbox (tenant, id)`,
      sql`create index outbox_message on outbox (tenant, message_seq)`,
      sql`create index outbox_unfinished on outbox (tenant, destination, seq)
        where state in ('waiting', 'sending', 'held')`,
      sql`create index outbox_failed on outbox (tenant, state, message_seq)
        where state in ('held', 'dead')`,
      sql`create table audit (
        seq ${bigint} not null, tenant integer not null, at_ms ${bigint} not null,
        action text not null, subject text not null, body text not null, hash ${blob} not null,
        primary key (tenant, seq)) ${clustered}`,
      sql`create index audit_subject on audit (tenant, subject, seq)`,
      sql`create table audit_head (
        tenant integer primary key, entries ${bigint} not null, hash ${blob} not null,
        seal text not null)`,
      sql`create table access (
        tenant integer not null, id text not null, kind text not null, secret_key text not null,
        actor text not null, scopes text not null, expires_at_ms ${bigint} not null,
        ended_at_ms ${bigint}, primary key (tenant, id))`,
      sql`create unique index access_secret on access (tenant, kind, secret_key)`,
      sql`create table counter (
        tenant integer not null, name text not null, value ${bigint} not null,
        primary key (tenant, name)) ${clustered}`,
    ]
  },
}
