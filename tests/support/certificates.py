"""Certificates for servers on loopback, by an authority of the test."""

import ssl
from pathlib import Path

import trustme

HOST = "127.0.0.1"


class Certificates:
    """PEM files in a directory: the authority, and a server's key and certificate."""

    def __init__(self, directory: Path) -> None:
        self.authority = directory / "authority.pem"
        self.key = directory / "key.pem"
        self.chain = directory / "chain.pem"
        authority = trustme.CA()
        server = authority.issue_cert(HOST)
        authority.cert_pem.write_to_path(self.authority)
        server.private_key_pem.write_to_path(self.key)
        self.chain.write_bytes(b"".join(blob.bytes() for blob in server.cert_chain_pems))
        self.context = ssl.create_default_context(cafile=self.authority)

    def redis_config(self, port: int) -> list[str]:
        """Return the lines of redis.conf for TLS alone on that port, for replication too."""
        return [
            "port 0",
            f"tls-port {port}",
            f'tls-ca-cert-file "{self.authority}"',
            f'tls-cert-file "{self.chain}"',
            f'tls-key-file "{self.key}"',
            "tls-auth-clients no",
            "tls-replication yes",
        ]
