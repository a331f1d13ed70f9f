"""The portal: every table of records and ledger, and the triggers that let the ledger only grow.

Revision: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.ledger.tables import append_only_ddl, drop_ddl

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "agencies",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("standing", sa.String(40), nullable=False),
        sa.Column("service", sa.String(40), nullable=False),
        sa.Column("secure_way", sa.String(length=200), nullable=False),
        sa.Column("spoc", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("deputy", sa.String(length=120), nullable=False),
        sa.Column("mailbox", sa.String(length=254), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("source_id", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agencies")),
        sa.UniqueConstraint("area_id", "name", name=op.f("uq_agencies_area_id_name")),
        sa.UniqueConstraint("area_id", "source_id", name=op.f("uq_agencies_area_id_source_id")),
    )
    op.create_index(op.f("ix_agencies_area_id"), "agencies", ["area_id"], unique=False)
    op.create_index(op.f("ix_agencies_source_id"), "agencies", ["source_id"], unique=False)
    op.create_table(
        "areas",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("unit_email", sa.String(length=254), nullable=False),
        sa.Column("ledger_vkey", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("originals_days", sa.Integer(), nullable=False),
        sa.Column("dormant_days", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_areas")),
    )
    op.create_table(
        "attendance",
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("slot_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("presence", sa.String(40), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("slot_id", "person_id", name=op.f("pk_attendance")),
    )
    op.create_index(op.f("ix_attendance_area_id"), "attendance", ["area_id"], unique=False)
    op.create_table(
        "attendance_locks",
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("slot_id", sa.String(length=32), nullable=False),
        sa.Column("locked_by", sa.String(length=32), nullable=False),
        sa.Column("locked_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("slot_id", name=op.f("pk_attendance_locks")),
    )
    op.create_index(
        op.f("ix_attendance_locks_area_id"), "attendance_locks", ["area_id"], unique=False
    )
    op.create_table(
        "backup_codes",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("person_id", "position", name=op.f("pk_backup_codes")),
    )
    op.create_index(op.f("ix_backup_codes_area_id"), "backup_codes", ["area_id"], unique=False)
    op.create_table(
        "candidates",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("request_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("payload_sha256", sa.String(length=64), nullable=False),
        sa.Column("header", sa.LargeBinary(), nullable=False),
        sa.Column("key_commit", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("scan", sa.String(40), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("clear_size", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("original_sha256", sa.String(length=64), nullable=False),
        sa.Column("original_header", sa.LargeBinary(), nullable=False),
        sa.Column("original_commit", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidates")),
        sa.UniqueConstraint(
            "request_id", "person_id", name=op.f("uq_candidates_request_id_person_id")
        ),
    )
    op.create_index(op.f("ix_candidates_area_id"), "candidates", ["area_id"], unique=False)
    op.create_index(op.f("ix_candidates_request_id"), "candidates", ["request_id"], unique=False)
    op.create_table(
        "card_codes",
        sa.Column("card_id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("card_id", "number", name=op.f("pk_card_codes")),
    )
    op.create_index(op.f("ix_card_codes_area_id"), "card_codes", ["area_id"], unique=False)
    op.create_table(
        "cards",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("replaces", sa.String(length=32), nullable=True),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("proved_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cards")),
    )
    op.create_index(op.f("ix_cards_area_id"), "cards", ["area_id"], unique=False)
    op.create_index(op.f("ix_cards_person_id"), "cards", ["person_id"], unique=False)
    op.create_table(
        "case_holders",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "person_id", name=op.f("pk_case_holders")),
    )
    op.create_index(op.f("ix_case_holders_area_id"), "case_holders", ["area_id"], unique=False)
    op.create_table(
        "cases",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("lead_agency_id", sa.String(length=32), nullable=False),
        sa.Column("category", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("is_child", sa.Boolean(), nullable=False),
        sa.Column("particulars_version", sa.String(length=32), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("area_id", "reference", name=op.f("uq_cases_area_id_reference")),
    )
    op.create_index(op.f("ix_cases_area_id"), "cases", ["area_id"], unique=False)
    op.create_table(
        "certifications",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("by_id", sa.String(length=32), nullable=False),
        sa.Column("certified_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_certifications")),
    )
    op.create_index(op.f("ix_certifications_area_id"), "certifications", ["area_id"], unique=False)
    op.create_table(
        "chosen_for",
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("slot_id", sa.String(length=32), nullable=False),
        sa.Column("version_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("slot_id", "version_id", "person_id", name=op.f("pk_chosen_for")),
    )
    op.create_index(op.f("ix_chosen_for_area_id"), "chosen_for", ["area_id"], unique=False)
    op.create_table(
        "claims",
        sa.Column("request_id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("claimed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_claims")),
    )
    op.create_index(op.f("ix_claims_area_id"), "claims", ["area_id"], unique=False)
    op.create_index(op.f("ix_claims_person_id"), "claims", ["person_id"], unique=False)
    op.create_table(
        "confirmations",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("statement", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("confirmed_by", sa.String(length=32), nullable=False),
        sa.Column("ledger_position", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(), nullable=False),
        sa.Column("words_id", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_confirmations")),
    )
    op.create_index(op.f("ix_confirmations_area_id"), "confirmations", ["area_id"], unique=False)
    op.create_table(
        "covers",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("by_id", sa.String(length=32), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_covers")),
    )
    op.create_index(op.f("ix_covers_area_id"), "covers", ["area_id"], unique=False)
    op.create_table(
        "deputy_terms",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("from_at", sa.DateTime(), nullable=False),
        sa.Column("until_at", sa.DateTime(), nullable=False),
        sa.Column("ledger_position", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_deputy_terms")),
    )
    op.create_index(op.f("ix_deputy_terms_area_id"), "deputy_terms", ["area_id"], unique=False)
    op.create_table(
        "devices",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_devices")),
    )
    op.create_index(op.f("ix_devices_area_id"), "devices", ["area_id"], unique=False)
    op.create_index(op.f("ix_devices_person_id"), "devices", ["person_id"], unique=False)
    op.create_table(
        "disclosures",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("slot_id", sa.String(length=32), nullable=False),
        sa.Column("version_id", sa.String(length=32), nullable=False),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("asked_agency_id", sa.String(length=32), nullable=False),
        sa.Column("receiver_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("basis", sa.String(40), nullable=True),
        sa.Column("least", sa.String(40), nullable=True),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("sending_id", sa.String(length=32), nullable=True),
        sa.Column("decision_version_id", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosures")),
        sa.UniqueConstraint("area_id", "number", name=op.f("uq_disclosures_area_id_number")),
    )
    op.create_index(op.f("ix_disclosures_area_id"), "disclosures", ["area_id"], unique=False)
    op.create_index(op.f("ix_disclosures_slot_id"), "disclosures", ["slot_id"], unique=False)
    op.create_table(
        "documents",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("slot_id", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("form_code", sa.String(length=20), nullable=False),
        sa.Column("owner_agency_id", sa.String(length=32), nullable=False),
        sa.Column("author_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    op.create_index(op.f("ix_documents_area_id"), "documents", ["area_id"], unique=False)
    op.create_index(op.f("ix_documents_case_id"), "documents", ["case_id"], unique=False)
    op.create_index(op.f("ix_documents_slot_id"), "documents", ["slot_id"], unique=False)
    op.create_table(
        "drafts",
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("form", sa.String(length=200), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "form", name=op.f("pk_drafts")),
    )
    op.create_index(op.f("ix_drafts_area_id"), "drafts", ["area_id"], unique=False)
    op.create_table(
        "duties",
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("slot_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("recorded_by", sa.String(length=32), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("slot_id", "person_id", name=op.f("pk_duties")),
    )
    op.create_index(op.f("ix_duties_area_id"), "duties", ["area_id"], unique=False)
    op.create_table(
        "extracts",
        sa.Column("version_id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("source_id", sa.String(length=32), nullable=False),
        sa.Column("origin_id", sa.String(length=32), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("marks", sa.Integer(), nullable=False),
        sa.Column("checked_by", sa.String(length=32), nullable=True),
        sa.Column("checked_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_extracts")),
    )
    op.create_index(op.f("ix_extracts_area_id"), "extracts", ["area_id"], unique=False)
    op.create_index(op.f("ix_extracts_case_id"), "extracts", ["case_id"], unique=False)
    op.create_index(op.f("ix_extracts_source_id"), "extracts", ["source_id"], unique=False)
    op.create_table(
        "former_keys",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("ended_position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("recipient", sa.LargeBinary(), nullable=False),
        sa.Column("sign_public", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("statement", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("confirmed_by", sa.String(length=32), nullable=False),
        sa.Column("ledger_position", sa.Integer(), nullable=False),
        sa.Column("words_id", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("person_id", "ended_position", name=op.f("pk_former_keys")),
    )
    op.create_index(op.f("ix_former_keys_area_id"), "former_keys", ["area_id"], unique=False)
    op.create_table(
        "generators",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("digits", sa.Integer(), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(40), nullable=False),
        sa.Column("high_water", sa.BigInteger(), nullable=False),
        sa.Column("replaces", sa.String(length=32), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("proved_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_generators")),
    )
    op.create_index(op.f("ix_generators_area_id"), "generators", ["area_id"], unique=False)
    op.create_index(op.f("ix_generators_person_id"), "generators", ["person_id"], unique=False)
    op.create_table(
        "grants",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("sending_id", sa.String(length=32), nullable=False),
        sa.Column("version_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("manifest_id", sa.String(length=32), nullable=True),
        sa.Column("copy_number", sa.Integer(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.DateTime(), nullable=True),
        sa.Column("closes_at", sa.DateTime(), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
    )
    op.create_index(op.f("ix_grants_area_id"), "grants", ["area_id"], unique=False)
    op.create_index(op.f("ix_grants_person_id"), "grants", ["person_id"], unique=False)
    op.create_index(op.f("ix_grants_sending_id"), "grants", ["sending_id"], unique=False)
    op.create_index(op.f("ix_grants_version_id"), "grants", ["version_id"], unique=False)
    op.create_table(
        "headers",
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("version_id", sa.String(length=32), nullable=False),
        sa.Column("reader_id", sa.String(length=32), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("header", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("version_id", "reader_id", name=op.f("pk_headers")),
    )
    op.create_index("headers_of_reader", "headers", ["reader_id", "fingerprint"], unique=False)
    op.create_index(op.f("ix_headers_area_id"), "headers", ["area_id"], unique=False)
    op.create_table(
        "instructions",
        sa.Column("sending_id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("slot_id", sa.String(length=32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("signed_by", sa.String(length=32), nullable=False),
        sa.Column("ledger_position", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("sending_id", name=op.f("pk_instructions")),
    )
    op.create_index(op.f("ix_instructions_area_id"), "instructions", ["area_id"], unique=False)
    op.create_index(op.f("ix_instructions_slot_id"), "instructions", ["slot_id"], unique=False)
    op.create_table(
        "invitations",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("slot_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("agency_id", sa.String(length=32), nullable=False),
        sa.Column("capacity", sa.String(40), nullable=False),
        sa.Column("answer", sa.String(40), nullable=False),
        sa.Column("invited_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("slot_id", "person_id", name=op.f("uq_invitations_slot_id_person_id")),
    )
    op.create_index(op.f("ix_invitations_area_id"), "invitations", ["area_id"], unique=False)
    op.create_index(op.f("ix_invitations_person_id"), "invitations", ["person_id"], unique=False)
    op.create_index(op.f("ix_invitations_slot_id"), "invitations", ["slot_id"], unique=False)
    op.create_table(
        "job_runs",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=False),
        sa.Column("trouble", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_runs")),
    )
    op.create_table(
        "joining_links",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_joining_links")),
    )
    op.create_index(op.f("ix_joining_links_area_id"), "joining_links", ["area_id"], unique=False)
    op.create_index(
        op.f("ix_joining_links_person_id"), "joining_links", ["person_id"], unique=False
    )
    op.create_table(
        "joining_words",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("recipient", sa.LargeBinary(), nullable=False),
        sa.Column("sign_public", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("memory_kib", sa.Integer(), nullable=False),
        sa.Column("iterations", sa.Integer(), nullable=False),
        sa.Column("lanes", sa.Integer(), nullable=False),
        sa.Column("pepper_version", sa.Integer(), nullable=False),
        sa.Column("statement", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("given_by", sa.String(length=32), nullable=False),
        sa.Column("ledger_position", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("over_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joining_words")),
    )
    op.create_index(op.f("ix_joining_words_area_id"), "joining_words", ["area_id"], unique=False)
    op.create_index(
        op.f("ix_joining_words_person_id"), "joining_words", ["person_id"], unique=False
    )
    op.create_table(
        "keyrings",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_keyrings")),
    )
    op.create_index(op.f("ix_keyrings_area_id"), "keyrings", ["area_id"], unique=False)
    op.create_table(
        "layout_papers",
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("layout_version_id", sa.String(length=32), nullable=False),
        sa.Column("paper_version_id", sa.String(length=32), nullable=False),
        sa.Column("tab", sa.Integer(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint(
            "layout_version_id", "paper_version_id", name=op.f("pk_layout_papers")
        ),
    )
    op.create_index(op.f("ix_layout_papers_area_id"), "layout_papers", ["area_id"], unique=False)
    op.create_table(
        "manifests",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("version_id", sa.String(length=32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("signer_id", sa.String(length=32), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("ledger_position", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manifests")),
    )
    op.create_index(op.f("ix_manifests_area_id"), "manifests", ["area_id"], unique=False)
    op.create_index(op.f("ix_manifests_version_id"), "manifests", ["version_id"], unique=False)
    op.create_table(
        "meeting_days",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("mode", sa.String(40), nullable=False),
        sa.Column("planned_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_days")),
    )
    op.create_index(op.f("ix_meeting_days_area_id"), "meeting_days", ["area_id"], unique=False)
    op.create_table(
        "minutes",
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("slot_id", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("version_id", sa.String(length=32), nullable=False),
        sa.Column("filed_by", sa.String(length=32), nullable=False),
        sa.Column("filed_at", sa.DateTime(), nullable=False),
        sa.Column("approved_by", sa.String(length=32), nullable=True),
        sa.Column("approved_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("slot_id", name=op.f("pk_minutes")),
    )
    op.create_index(op.f("ix_minutes_area_id"), "minutes", ["area_id"], unique=False)
    op.create_table(
        "names",
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("area_id", name=op.f("pk_names")),
    )
    op.create_table(
        "openings",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("grant_id", sa.String(length=32), nullable=False),
        sa.Column("sending_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_openings")),
    )
    op.create_index(op.f("ix_openings_area_id"), "openings", ["area_id"], unique=False)
    op.create_index(op.f("ix_openings_grant_id"), "openings", ["grant_id"], unique=False)
    op.create_index(op.f("ix_openings_sending_id"), "openings", ["sending_id"], unique=False)
    op.create_table(
        "originals",
        sa.Column("version_id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("request_id", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_originals")),
    )
    op.create_index(op.f("ix_originals_area_id"), "originals", ["area_id"], unique=False)
    op.create_index(op.f("ix_originals_request_id"), "originals", ["request_id"], unique=False)
    op.create_table(
        "orphans",
        sa.Column("payload", sa.String(length=64), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("payload", name=op.f("pk_orphans")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("letter", sa.String(length=40), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("delivery", sa.String(40), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(op.f("ix_outbox_area_id"), "outbox", ["area_id"], unique=False)
    op.create_table(
        "pack_items",
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("slot_id", sa.String(length=32), nullable=False),
        sa.Column("version_id", sa.String(length=32), nullable=False),
        sa.Column("tab", sa.Integer(), nullable=False),
        sa.Column("others", sa.String(40), nullable=True),
        sa.PrimaryKeyConstraint("slot_id", "version_id", name=op.f("pk_pack_items")),
    )
    op.create_index(op.f("ix_pack_items_area_id"), "pack_items", ["area_id"], unique=False)
    op.create_table(
        "pack_times",
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("slot_id", sa.String(length=32), nullable=False),
        sa.Column("opens_at", sa.DateTime(), nullable=False),
        sa.Column("closes_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("slot_id", name=op.f("pk_pack_times")),
    )
    op.create_index(op.f("ix_pack_times_area_id"), "pack_times", ["area_id"], unique=False)
    op.create_table(
        "pages_read",
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("reading_id", sa.String(length=32), nullable=False),
        sa.Column("sheet", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("shown", sa.String(40), nullable=False),
        sa.Column("first_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("reading_id", "sheet", "shown", name=op.f("pk_pages_read")),
    )
    op.create_index(op.f("ix_pages_read_area_id"), "pages_read", ["area_id"], unique=False)
    op.create_table(
        "panel_seats",
        sa.Column("panel_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("capacity", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("panel_id", "person_id", name=op.f("pk_panel_seats")),
    )
    op.create_index(op.f("ix_panel_seats_area_id"), "panel_seats", ["area_id"], unique=False)
    op.create_table(
        "panels",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panels")),
        sa.UniqueConstraint("area_id", "name", name=op.f("uq_panels_area_id_name")),
    )
    op.create_index(op.f("ix_panels_area_id"), "panels", ["area_id"], unique=False)
    op.create_table(
        "passkeys",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=True),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("recipient", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("proved_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    op.create_index(op.f("ix_passkeys_area_id"), "passkeys", ["area_id"], unique=False)
    op.create_index(op.f("ix_passkeys_person_id"), "passkeys", ["person_id"], unique=False)
    op.create_table(
        "people",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("agency_id", sa.String(length=32), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("job", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("roles", sa.String(400), nullable=False),
        sa.Column("account", sa.String(40), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("at_home", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    op.create_index(op.f("ix_people_account_id"), "people", ["account_id"], unique=False)
    op.create_index(op.f("ix_people_agency_id"), "people", ["agency_id"], unique=False)
    op.create_index(op.f("ix_people_area_id"), "people", ["area_id"], unique=False)
    op.create_index(
        "uq_people_account_email",
        "people",
        ["email"],
        unique=True,
        sqlite_where=sa.text("at_home AND account = 'enrolled'"),
        postgresql_where=sa.text("at_home AND account = 'enrolled'"),
    )
    op.create_index(
        "uq_people_area_email",
        "people",
        ["area_id", "email"],
        unique=True,
        sqlite_where=sa.text("account <> 'left'"),
        postgresql_where=sa.text("account <> 'left'"),
    )
    op.create_table(
        "provider_links",
        sa.Column("agency_id", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("proof", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "subject", name=op.f("pk_provider_links")),
        sa.UniqueConstraint("person_id", name=op.f("uq_provider_links_person_id")),
    )
    op.create_index(op.f("ix_provider_links_area_id"), "provider_links", ["area_id"], unique=False)
    op.create_table(
        "providers",
        sa.Column("agency_id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("settings", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("tried", sa.LargeBinary(), nullable=True),
        sa.Column("tried_at", sa.DateTime(), nullable=True),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", name=op.f("pk_providers")),
    )
    op.create_index(op.f("ix_providers_area_id"), "providers", ["area_id"], unique=False)
    op.create_table(
        "public_keys",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("recipient", sa.LargeBinary(), nullable=False),
        sa.Column("sign_public", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_public_keys")),
    )
    op.create_index(op.f("ix_public_keys_area_id"), "public_keys", ["area_id"], unique=False)
    op.create_table(
        "readings",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("grant_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("session_id", sa.LargeBinary(), nullable=False),
        sa.Column("copy", sa.String(length=20), nullable=False),
        sa.Column("begun_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readings")),
    )
    op.create_index(op.f("ix_readings_area_id"), "readings", ["area_id"], unique=False)
    op.create_index(op.f("ix_readings_grant_id"), "readings", ["grant_id"], unique=False)
    op.create_table(
        "report_requests",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("slot_id", sa.String(length=32), nullable=False),
        sa.Column("agency_id", sa.String(length=32), nullable=False),
        sa.Column("form_code", sa.String(length=20), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=True),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_requests")),
    )
    op.create_index(
        op.f("ix_report_requests_agency_id"), "report_requests", ["agency_id"], unique=False
    )
    op.create_index(
        op.f("ix_report_requests_area_id"), "report_requests", ["area_id"], unique=False
    )
    op.create_index(
        op.f("ix_report_requests_slot_id"), "report_requests", ["slot_id"], unique=False
    )
    op.create_table(
        "restricted_cases",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("concern", sa.String(40), nullable=False),
        sa.Column("recipient", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("for_kit", sa.LargeBinary(), nullable=False),
        sa.Column("kit", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_restricted_cases")),
    )
    op.create_index(
        op.f("ix_restricted_cases_area_id"), "restricted_cases", ["area_id"], unique=False
    )
    op.create_table(
        "sealed_texts",
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("unit_key", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("subject", "field", name=op.f("pk_sealed_texts")),
    )
    op.create_index(op.f("ix_sealed_texts_area_id"), "sealed_texts", ["area_id"], unique=False)
    op.create_table(
        "security_log",
        sa.Column("hour", sa.DateTime(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("hour", "kind", "source", name=op.f("pk_security_log")),
    )
    op.create_table(
        "sendings",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("slot_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("sent_by", sa.String(length=32), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sendings")),
    )
    op.create_index(op.f("ix_sendings_area_id"), "sendings", ["area_id"], unique=False)
    op.create_index(op.f("ix_sendings_case_id"), "sendings", ["case_id"], unique=False)
    op.create_index(op.f("ix_sendings_slot_id"), "sendings", ["slot_id"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("stage", sa.String(40), nullable=False),
        sa.Column("terms", sa.String(40), nullable=False),
        sa.Column("keyring", sa.LargeBinary(), nullable=True),
        sa.Column("bound", sa.String(length=120), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("factor_at", sa.DateTime(), nullable=True),
        sa.Column("names_read", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("sign_on", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_area_id"), "sessions", ["area_id"], unique=False)
    op.create_index(op.f("ix_sessions_person_id"), "sessions", ["person_id"], unique=False)
    op.create_index(op.f("ix_sessions_sign_on"), "sessions", ["sign_on"], unique=False)
    op.create_table(
        "sign_ons_used",
        sa.Column("state_hash", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_sign_ons_used")),
    )
    op.create_index(op.f("ix_sign_ons_used_at"), "sign_ons_used", ["at"], unique=False)
    op.create_table(
        "slots",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("meeting_day_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slots")),
        sa.UniqueConstraint(
            "meeting_day_id", "case_id", name=op.f("uq_slots_meeting_day_id_case_id")
        ),
    )
    op.create_index(op.f("ix_slots_area_id"), "slots", ["area_id"], unique=False)
    op.create_index(op.f("ix_slots_case_id"), "slots", ["case_id"], unique=False)
    op.create_index(op.f("ix_slots_meeting_day_id"), "slots", ["meeting_day_id"], unique=False)
    op.create_table(
        "spent_challenges",
        sa.Column("challenge_hash", sa.LargeBinary(), nullable=False),
        sa.Column("spent_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("challenge_hash", name=op.f("pk_spent_challenges")),
    )
    op.create_table(
        "statements",
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("slot_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("wording_version", sa.String(length=20), nullable=False),
        sa.Column("wording", sa.String(length=64), nullable=False),
        sa.Column("accepted_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint(
            "slot_id", "person_id", "wording_version", name=op.f("pk_statements")
        ),
    )
    op.create_index(op.f("ix_statements_area_id"), "statements", ["area_id"], unique=False)
    op.create_table(
        "throttle",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.Column("blocked_until", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttle")),
    )
    op.create_table(
        "unit_keys",
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("recipient", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("kit", sa.LargeBinary(), nullable=False),
        sa.Column("for_kit", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("area_id", name=op.f("pk_unit_keys")),
    )
    op.create_table(
        "unit_wraps",
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("area_id", "person_id", name=op.f("pk_unit_wraps")),
    )
    op.create_table(
        "unlocks",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("recipient", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("memory_kib", sa.Integer(), nullable=False),
        sa.Column("iterations", sa.Integer(), nullable=False),
        sa.Column("lanes", sa.Integer(), nullable=False),
        sa.Column("pepper_version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unlocks")),
    )
    op.create_index(op.f("ix_unlocks_area_id"), "unlocks", ["area_id"], unique=False)
    op.create_index(op.f("ix_unlocks_person_id"), "unlocks", ["person_id"], unique=False)
    op.create_table(
        "uses",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=False),
        sa.Column("woken_at", sa.DateTime(), nullable=True),
        sa.Column("warned_at", sa.DateTime(), nullable=True),
        sa.Column("told_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_uses")),
    )
    op.create_index(op.f("ix_uses_area_id"), "uses", ["area_id"], unique=False)
    op.create_table(
        "versions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("payload_sha256", sa.String(length=64), nullable=False),
        sa.Column("clear_size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("key_commit", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("scan", sa.String(40), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_versions")),
    )
    op.create_index(op.f("ix_versions_area_id"), "versions", ["area_id"], unique=False)
    op.create_index(op.f("ix_versions_document_id"), "versions", ["document_id"], unique=False)
    op.create_index(
        op.f("ix_versions_payload_sha256"), "versions", ["payload_sha256"], unique=False
    )
    op.create_table(
        "word_wraps",
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("words_id", sa.String(length=32), nullable=False),
        sa.Column("version_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("grant_id", sa.String(length=32), nullable=True),
        sa.Column("manifest_id", sa.String(length=32), nullable=False),
        sa.Column("header", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("words_id", "version_id", name=op.f("pk_word_wraps")),
    )
    op.create_index(op.f("ix_word_wraps_area_id"), "word_wraps", ["area_id"], unique=False)
    op.create_index(op.f("ix_word_wraps_person_id"), "word_wraps", ["person_id"], unique=False)
    op.create_table(
        "ledger_checkpoints",
        sa.Column("area_id", sa.String(length=64), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("area_id", "size"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger_entries",
        sa.Column("area_id", sa.String(length=64), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("deed", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("area_id", "position"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ledger_entries_by_deed", "ledger_entries", ["area_id", "deed", "position"], unique=False
    )
    op.create_index(
        "ledger_entries_by_hash", "ledger_entries", ["area_id", "leaf_hash"], unique=False
    )
    op.create_index(
        "ledger_entries_by_time", "ledger_entries", ["area_id", "recorded_at"], unique=False
    )
    op.create_table(
        "ledger_heads",
        sa.Column("area_id", sa.String(length=64), autoincrement=False, nullable=False),
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("area_id"),
        sa.UniqueConstraint("origin"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger_nodes",
        sa.Column("area_id", sa.String(length=64), autoincrement=False, nullable=False),
        sa.Column("level", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("area_id", "level", "position"),
        sqlite_with_rowid=False,
    )
    for statement in append_only_ddl(op.get_bind().dialect.name):
        op.execute(sa.text(statement.replace(":", "\\:")))


def downgrade() -> None:
    for statement in drop_ddl(op.get_bind().dialect.name):
        op.execute(sa.text(statement))
    op.drop_table("ledger_nodes")
    op.drop_table("ledger_heads")
    op.drop_index("ledger_entries_by_time", table_name="ledger_entries")
    op.drop_index("ledger_entries_by_hash", table_name="ledger_entries")
    op.drop_index("ledger_entries_by_deed", table_name="ledger_entries")
    op.drop_table("ledger_entries")
    op.drop_table("ledger_checkpoints")
    op.drop_index(op.f("ix_word_wraps_person_id"), table_name="word_wraps")
    op.drop_index(op.f("ix_word_wraps_area_id"), table_name="word_wraps")
    op.drop_table("word_wraps")
    op.drop_index(op.f("ix_versions_payload_sha256"), table_name="versions")
    op.drop_index(op.f("ix_versions_document_id"), table_name="versions")
    op.drop_index(op.f("ix_versions_area_id"), table_name="versions")
    op.drop_table("versions")
    op.drop_index(op.f("ix_uses_area_id"), table_name="uses")
    op.drop_table("uses")
    op.drop_index(op.f("ix_unlocks_person_id"), table_name="unlocks")
    op.drop_index(op.f("ix_unlocks_area_id"), table_name="unlocks")
    op.drop_table("unlocks")
    op.drop_table("unit_wraps")
    op.drop_table("unit_keys")
    op.drop_table("throttle")
    op.drop_index(op.f("ix_statements_area_id"), table_name="statements")
    op.drop_table("statements")
    op.drop_table("spent_challenges")
    op.drop_index(op.f("ix_slots_meeting_day_id"), table_name="slots")
    op.drop_index(op.f("ix_slots_case_id"), table_name="slots")
    op.drop_index(op.f("ix_slots_area_id"), table_name="slots")
    op.drop_table("slots")
    op.drop_index(op.f("ix_sign_ons_used_at"), table_name="sign_ons_used")
    op.drop_table("sign_ons_used")
    op.drop_index(op.f("ix_sessions_sign_on"), table_name="sessions")
    op.drop_index(op.f("ix_sessions_person_id"), table_name="sessions")
    op.drop_index(op.f("ix_sessions_area_id"), table_name="sessions")
    op.drop_table("sessions")
    op.drop_index(op.f("ix_sendings_slot_id"), table_name="sendings")
    op.drop_index(op.f("ix_sendings_case_id"), table_name="sendings")
    op.drop_index(op.f("ix_sendings_area_id"), table_name="sendings")
    op.drop_table("sendings")
    op.drop_table("security_log")
    op.drop_index(op.f("ix_sealed_texts_area_id"), table_name="sealed_texts")
    op.drop_table("sealed_texts")
    op.drop_index(op.f("ix_restricted_cases_area_id"), table_name="restricted_cases")
    op.drop_table("restricted_cases")
    op.drop_index(op.f("ix_report_requests_slot_id"), table_name="report_requests")
    op.drop_index(op.f("ix_report_requests_area_id"), table_name="report_requests")
    op.drop_index(op.f("ix_report_requests_agency_id"), table_name="report_requests")
    op.drop_table("report_requests")
    op.drop_index(op.f("ix_readings_grant_id"), table_name="readings")
    op.drop_index(op.f("ix_readings_area_id"), table_name="readings")
    op.drop_table("readings")
    op.drop_index(op.f("ix_public_keys_area_id"), table_name="public_keys")
    op.drop_table("public_keys")
    op.drop_index(op.f("ix_providers_area_id"), table_name="providers")
    op.drop_table("providers")
    op.drop_index(op.f("ix_provider_links_area_id"), table_name="provider_links")
    op.drop_table("provider_links")
    op.drop_index(
        "uq_people_area_email",
        table_name="people",
        sqlite_where=sa.text("account <> 'left'"),
        postgresql_where=sa.text("account <> 'left'"),
    )
    op.drop_index(
        "uq_people_account_email",
        table_name="people",
        sqlite_where=sa.text("at_home AND account = 'enrolled'"),
        postgresql_where=sa.text("at_home AND account = 'enrolled'"),
    )
    op.drop_index(op.f("ix_people_area_id"), table_name="people")
    op.drop_index(op.f("ix_people_agency_id"), table_name="people")
    op.drop_index(op.f("ix_people_account_id"), table_name="people")
    op.drop_table("people")
    op.drop_index(op.f("ix_passkeys_person_id"), table_name="passkeys")
    op.drop_index(op.f("ix_passkeys_area_id"), table_name="passkeys")
    op.drop_table("passkeys")
    op.drop_index(op.f("ix_panels_area_id"), table_name="panels")
    op.drop_table("panels")
    op.drop_index(op.f("ix_panel_seats_area_id"), table_name="panel_seats")
    op.drop_table("panel_seats")
    op.drop_index(op.f("ix_pages_read_area_id"), table_name="pages_read")
    op.drop_table("pages_read")
    op.drop_index(op.f("ix_pack_times_area_id"), table_name="pack_times")
    op.drop_table("pack_times")
    op.drop_index(op.f("ix_pack_items_area_id"), table_name="pack_items")
    op.drop_table("pack_items")
    op.drop_index(op.f("ix_outbox_area_id"), table_name="outbox")
    op.drop_table("outbox")
    op.drop_table("orphans")
    op.drop_index(op.f("ix_originals_request_id"), table_name="originals")
    op.drop_index(op.f("ix_originals_area_id"), table_name="originals")
    op.drop_table("originals")
    op.drop_index(op.f("ix_openings_sending_id"), table_name="openings")
    op.drop_index(op.f("ix_openings_grant_id"), table_name="openings")
    op.drop_index(op.f("ix_openings_area_id"), table_name="openings")
    op.drop_table("openings")
    op.drop_table("names")
    op.drop_index(op.f("ix_minutes_area_id"), table_name="minutes")
    op.drop_table("minutes")
    op.drop_index(op.f("ix_meeting_days_area_id"), table_name="meeting_days")
    op.drop_table("meeting_days")
    op.drop_index(op.f("ix_manifests_version_id"), table_name="manifests")
    op.drop_index(op.f("ix_manifests_area_id"), table_name="manifests")
    op.drop_table("manifests")
    op.drop_index(op.f("ix_layout_papers_area_id"), table_name="layout_papers")
    op.drop_table("layout_papers")
    op.drop_index(op.f("ix_keyrings_area_id"), table_name="keyrings")
    op.drop_table("keyrings")
    op.drop_index(op.f("ix_joining_words_person_id"), table_name="joining_words")
    op.drop_index(op.f("ix_joining_words_area_id"), table_name="joining_words")
    op.drop_table("joining_words")
    op.drop_index(op.f("ix_joining_links_person_id"), table_name="joining_links")
    op.drop_index(op.f("ix_joining_links_area_id"), table_name="joining_links")
    op.drop_table("joining_links")
    op.drop_table("job_runs")
    op.drop_index(op.f("ix_invitations_slot_id"), table_name="invitations")
    op.drop_index(op.f("ix_invitations_person_id"), table_name="invitations")
    op.drop_index(op.f("ix_invitations_area_id"), table_name="invitations")
    op.drop_table("invitations")
    op.drop_index(op.f("ix_instructions_slot_id"), table_name="instructions")
    op.drop_index(op.f("ix_instructions_area_id"), table_name="instructions")
    op.drop_table("instructions")
    op.drop_index(op.f("ix_headers_area_id"), table_name="headers")
    op.drop_index("headers_of_reader", table_name="headers")
    op.drop_table("headers")
    op.drop_index(op.f("ix_grants_version_id"), table_name="grants")
    op.drop_index(op.f("ix_grants_sending_id"), table_name="grants")
    op.drop_index(op.f("ix_grants_person_id"), table_name="grants")
    op.drop_index(op.f("ix_grants_area_id"), table_name="grants")
    op.drop_table("grants")
    op.drop_index(op.f("ix_generators_person_id"), table_name="generators")
    op.drop_index(op.f("ix_generators_area_id"), table_name="generators")
    op.drop_table("generators")
    op.drop_index(op.f("ix_former_keys_area_id"), table_name="former_keys")
    op.drop_table("former_keys")
    op.drop_index(op.f("ix_extracts_source_id"), table_name="extracts")
    op.drop_index(op.f("ix_extracts_case_id"), table_name="extracts")
    op.drop_index(op.f("ix_extracts_area_id"), table_name="extracts")
    op.drop_table("extracts")
    op.drop_index(op.f("ix_duties_area_id"), table_name="duties")
    op.drop_table("duties")
    op.drop_index(op.f("ix_drafts_area_id"), table_name="drafts")
    op.drop_table("drafts")
    op.drop_index(op.f("ix_documents_slot_id"), table_name="documents")
    op.drop_index(op.f("ix_documents_case_id"), table_name="documents")
    op.drop_index(op.f("ix_documents_area_id"), table_name="documents")
    op.drop_table("documents")
    op.drop_index(op.f("ix_disclosures_slot_id"), table_name="disclosures")
    op.drop_index(op.f("ix_disclosures_area_id"), table_name="disclosures")
    op.drop_table("disclosures")
    op.drop_index(op.f("ix_devices_person_id"), table_name="devices")
    op.drop_index(op.f("ix_devices_area_id"), table_name="devices")
    op.drop_table("devices")
    op.drop_index(op.f("ix_deputy_terms_area_id"), table_name="deputy_terms")
    op.drop_table("deputy_terms")
    op.drop_index(op.f("ix_covers_area_id"), table_name="covers")
    op.drop_table("covers")
    op.drop_index(op.f("ix_confirmations_area_id"), table_name="confirmations")
    op.drop_table("confirmations")
    op.drop_index(op.f("ix_claims_person_id"), table_name="claims")
    op.drop_index(op.f("ix_claims_area_id"), table_name="claims")
    op.drop_table("claims")
    op.drop_index(op.f("ix_chosen_for_area_id"), table_name="chosen_for")
    op.drop_table("chosen_for")
    op.drop_index(op.f("ix_certifications_area_id"), table_name="certifications")
    op.drop_table("certifications")
    op.drop_index(op.f("ix_cases_area_id"), table_name="cases")
    op.drop_table("cases")
    op.drop_index(op.f("ix_case_holders_area_id"), table_name="case_holders")
    op.drop_table("case_holders")
    op.drop_index(op.f("ix_cards_person_id"), table_name="cards")
    op.drop_index(op.f("ix_cards_area_id"), table_name="cards")
    op.drop_table("cards")
    op.drop_index(op.f("ix_card_codes_area_id"), table_name="card_codes")
    op.drop_table("card_codes")
    op.drop_index(op.f("ix_candidates_request_id"), table_name="candidates")
    op.drop_index(op.f("ix_candidates_area_id"), table_name="candidates")
    op.drop_table("candidates")
    op.drop_index(op.f("ix_backup_codes_area_id"), table_name="backup_codes")
    op.drop_table("backup_codes")
    op.drop_index(op.f("ix_attendance_locks_area_id"), table_name="attendance_locks")
    op.drop_table("attendance_locks")
    op.drop_index(op.f("ix_attendance_area_id"), table_name="attendance")
    op.drop_table("attendance")
    op.drop_table("areas")
    op.drop_index(op.f("ix_agencies_source_id"), table_name="agencies")
    op.drop_index(op.f("ix_agencies_area_id"), table_name="agencies")
    op.drop_table("agencies")
