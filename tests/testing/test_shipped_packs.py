"""The shipped domain packs keep the contract."""

from __future__ import annotations

from assay.plugins import domain_pack
from assay.ports import DomainPack
from assay.testing import DomainPackContract


class TestGeneralPack(DomainPackContract):
    def make_pack(self) -> DomainPack:
        return domain_pack("general")


class TestLegalPack(DomainPackContract):
    def make_pack(self) -> DomainPack:
        return domain_pack("legal")


class TestTechnicalPack(DomainPackContract):
    def make_pack(self) -> DomainPack:
        return domain_pack("technical")


class TestMedicalPack(DomainPackContract):
    def make_pack(self) -> DomainPack:
        return domain_pack("medical")
