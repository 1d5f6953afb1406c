"""The vault: personal values, each under a key of its person, named everywhere else by a random token.

Erasing a person destroys the key. Keys stand in a schema of their own, wrapped by a master key that lies in a file
(or comes from the settings), and every erasure is also written to a log beside that file, so that a restored
backup replays it. What is read of an erased person again gets the token it had, and no value: only `lift`, for
somebody who agreed anew, lets the person be recorded again, under new tokens.
Ciphers: AES-256-GCM with random 96-bit nonces (NIST SP 800-38D); look-up digests are HMAC-SHA256.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sightline.foundation.db.session import Transaction
from sightline.language.errors import Misconfigured

TOKEN = "tok_"  # noqa: S105 - a prefix, not a secret
_NONCE = 12
_LIFTED = "lifted"


@dataclass(frozen=True, slots=True)
class Personal:
    """A value and the person it belongs to (any stable name of that person; the value itself when nobody is known)."""

    person: str
    value: str


class Vault:
    """Tokens for values, and values for tokens."""

    def __init__(self, folder: Path, master: bytes | None = None) -> None:
        self._folder = folder
        self._master = master or _master_key(folder)
        self._index = hmac.new(self._master, b"sightline-index", hashlib.sha256).digest()

    async def tokens(self, tx: Transaction, wanted: Iterable[Personal]) -> dict[Personal, str]:
        """The token of each value; a value met for the first time is sealed and given a new one."""
        asked = {self._digest(tx, one): one for one in wanted}
        if not asked:
            return {}
        found = await self._known(tx, asked)
        missing = [one for digest, one in asked.items() if digest not in found]
        await self._seal_all(tx, missing)
        found |= await self._known(tx, [self._digest(tx, one) for one in missing])
        return {one: found[digest] for digest, one in asked.items()}

    async def token_of(self, tx: Transaction, one: Personal) -> str | None:
        """The token a value has, or None, also where it was erased; never makes one."""
        token = (await self._known(tx, [self._digest(tx, one)])).get(self._digest(tx, one))
        return token if token and await self.reveal(tx, [token]) else None

    async def reveal(self, tx: Transaction, tokens: Sequence[str]) -> dict[str, str]:
        """The values behind tokens; those of erased persons are missing from the result."""
        rows = await tx.rows(
            "select v.token, v.sealed, k.wrapped from sightline.vault_values v join sightline_keys.person_keys k"
            " on k.tenant = v.tenant and k.person = v.person where v.tenant = :t and v.token = any(:tokens)"
            " and v.sealed <> ''",
            t=tx.tenant, tokens=list(tokens),
        )  # fmt: skip
        return {
            row["token"]: self._open(self._open(self._master, row["wrapped"]), row["sealed"]).decode() for row in rows
        }

    async def erase(self, tx: Transaction, person: str, *, at: datetime) -> int:
        """Destroy a person's key and values; returns how many values can never be read again."""
        name = self._person(tx, person)
        self._log(f"{tx.tenant} {name}")
        return await _destroy(tx, name, at)

    async def lift(self, tx: Transaction, person: str) -> bool:
        """Let an erased person be recorded anew; what was erased stays so. Returns whether there was an erasure."""
        name = self._person(tx, person)
        lifted = await tx.run("delete from sightline.erasures where tenant = :t and person = :p", t=tx.tenant, p=name)
        if lifted:
            self._log(f"{tx.tenant} {name} {_LIFTED}")
            await tx.run("delete from sightline.vault_values where tenant = :t and person = :p", t=tx.tenant, p=name)
        return lifted > 0

    def erased(self) -> dict[int, set[str]]:
        """Per tenant the persons that are erased, as the log beside the key has them."""
        log = self._folder / "erasures.log"
        found: dict[int, set[str]] = {}
        for line in log.read_text().splitlines() if log.exists() else ():
            tenant, person, *lifted = line.split()
            people = found.setdefault(int(tenant), set())
            (people.discard if lifted else people.add)(person)
        return found

    async def replay_erasures(self, tx: Transaction, *, at: datetime) -> int:
        """After a restore: destroy again what was erased before. Returns how many values that took."""
        back = await tx.rows(
            "select p.person from unnest(cast(:people as text[])) as p(person) where not exists (select from"
            " sightline.erasures e where e.tenant = :t and e.person = p.person) or exists (select from"
            " sightline_keys.person_keys k where k.tenant = :t and k.person = p.person)",
            t=tx.tenant, people=sorted(self.erased().get(tx.tenant or 0, ())),
        )  # fmt: skip
        return sum([await _destroy(tx, row["person"], at) for row in back])

    def seal(self, plain: bytes) -> bytes:
        """Encrypt what belongs to no single person (a row in quarantine) under the installation's key."""
        return _seal(self._master, plain)

    def unseal(self, sealed: bytes) -> bytes:
        """Decrypt what `seal` gave. Raises Misconfigured when the key is another one."""
        return self._open(self._master, sealed)

    @property
    def pepper(self) -> bytes:
        """32 bytes to mix into hashes of personal data, without which nobody can find them by trying."""
        return hmac.new(self._index, b"pepper", hashlib.sha256).digest()

    def fingerprint(self, tx: Transaction, plain: bytes) -> bytes:
        """What tells whether the same was sealed before, and nothing else to whoever lacks the key (16 bytes)."""
        return hmac.new(self._index, f"{tx.tenant}\0".encode() + plain, hashlib.sha256).digest()[:16]

    def _log(self, line: str) -> None:
        with (self._folder / "erasures.log").open("a") as log:
            log.write(f"{line}\n")
            log.flush()
            os.fsync(log.fileno())

    def _digest(self, tx: Transaction, one: Personal) -> bytes:
        text = f"{tx.tenant}\0{one.person}\0{one.value}".encode()
        return hmac.new(self._index, text, hashlib.sha256).digest()

    def _person(self, tx: Transaction, person: str) -> str:
        return hmac.new(self._index, f"{tx.tenant}\0{person}".encode(), hashlib.sha256).hexdigest()[:32]

    async def _known(self, tx: Transaction, digests: Iterable[bytes]) -> dict[bytes, str]:
        rows = await tx.rows(
            "select digest, token from sightline.vault_values where tenant = :t and digest = any(:d)",
            t=tx.tenant, d=list(digests),
        )  # fmt: skip
        return {bytes(row["digest"]): row["token"] for row in rows}

    async def _seal_all(self, tx: Transaction, values: Sequence[Personal]) -> None:
        if not values:
            return
        people = [self._person(tx, one.person) for one in values]
        driver = await tx.driver()
        rows = await driver.fetch(
            "select person from sightline.erasures where tenant = $1 and person = any($2)", tx.tenant, people
        )
        keys = await self._keys(tx, set(people) - {person for (person,) in rows})
        await driver.execute(
            "insert into sightline.vault_values (tenant, token, person, digest, sealed)"
            " select $1, * from unnest($2::text[], $3::text[], $4::bytea[], $5::bytea[]) on conflict do nothing",
            tx.tenant,
            [TOKEN + secrets.token_hex(12) for _ in values],
            people,
            [self._digest(tx, one) for one in values],
            [
                _seal(keys[person], one.value.encode()) if person in keys else b""
                for person, one in zip(people, values, strict=True)
            ],
        )

    async def _keys(self, tx: Transaction, people: set[str]) -> Mapping[str, bytes]:
        driver = await tx.driver()
        names = sorted(people)
        await driver.execute(
            "insert into sightline_keys.person_keys (tenant, person, wrapped)"
            " select $1, * from unnest($2::text[], $3::bytea[]) on conflict do nothing",
            tx.tenant, names, [_seal(self._master, secrets.token_bytes(32)) for _ in names],
        )  # fmt: skip
        rows = await driver.fetch(
            "select person, wrapped from sightline_keys.person_keys where tenant = $1 and person = any($2)",
            tx.tenant, names,
        )  # fmt: skip
        return {person: self._open(self._master, wrapped) for person, wrapped in rows}

    def _open(self, key: bytes, sealed: bytes) -> bytes:
        try:
            return AESGCM(key).decrypt(bytes(sealed[:_NONCE]), bytes(sealed[_NONCE:]), None)
        except InvalidTag:
            raise Misconfigured(
                "The vault's master key does not fit this database.",
                hint=f"Restore the key that belongs to it into {self._folder / 'master.key'}.",
            ) from None


def _seal(key: bytes, plain: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, None)


async def _destroy(tx: Transaction, person: str, at: datetime) -> int:
    await tx.run("delete from sightline_keys.person_keys where tenant = :t and person = :p", t=tx.tenant, p=person)
    gone = await tx.run(
        "update sightline.vault_values set sealed = '' where tenant = :t and person = :p and sealed <> ''",
        t=tx.tenant, p=person,
    )  # fmt: skip
    await tx.run(
        "insert into sightline.erasures (tenant, person, at) values (:t, :p, :at) on conflict do nothing",
        t=tx.tenant, p=person, at=at,
    )  # fmt: skip
    return gone


def _master_key(folder: Path) -> bytes:
    """The key in `master.key`, made on first use; processes and threads starting at once end up with the same one."""
    path = folder / "master.key"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        beside = folder / f".master.{secrets.token_hex(8)}"
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(secrets.token_bytes(32))
            handle.flush()
            os.fsync(handle.fileno())
        try:
            os.link(beside, path)
        except FileExistsError:
            pass
        finally:
            beside.unlink()
    return path.read_bytes()
