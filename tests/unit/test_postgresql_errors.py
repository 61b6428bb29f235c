"""Whose fault an error of PostgreSQL's driver is."""

import ssl

from adapters.sql.postgresql import postgresql_error
from domain.errors import Malformed, Unavailable


def test_a_certificate_that_is_not_believed_is_no_fault_of_the_client() -> None:
    assert isinstance(postgresql_error(ssl.SSLCertVerificationError("self-signed certificate")), Unavailable)


def test_a_value_that_cannot_be_encoded_is_the_client_s_fault() -> None:
    assert isinstance(postgresql_error(ValueError("null byte")), Malformed)
