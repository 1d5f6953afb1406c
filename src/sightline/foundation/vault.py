"""The vault: personal values, each under a key of its person, named everywhere else by a random token.

Erasing a person destroys the key. Keys stand in a schema of their own, wrapped by a master key that lies in a file
(or comes from the settings), and every erasure is also written to a log beside that file, so that a restored
backup replays it. What is read of an erased person again gets the token it had, and no value: only `lift`, for
somebody who agreed anew, lets the person be recorded again, as the next generation: under another name in here, with a
key and tokens of its own. The generations before stay erased, whatever backup is restored.
Ciphers: AES-256-GCM with random 96-bit nonces (NIST SP 800-38D); look-up digests are HMAC-SHA256.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
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
_LOCK = 7_301_002
"""With the number of a tenant: shared by those who make keys, held alone by who erases, each to the commit."""


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
        self._index = self._index_of(0)

    async def tokens(self, tx: Transaction, wanted: Iterable[Personal]) -> dict[Personal, str]:
        """The token of each value; a value met for the first time is sealed and given a new one."""
        once = dict.fromkeys(wanted)
        if not once:
            return {}
        lifted = await _lifted(tx)
        asked = {self._digest(tx, one, lifted): one for one in once}
        found = await self._known(tx, asked)
        missing = {digest: one for digest, one in asked.items() if digest not in found}
        await self._seal_all(tx, missing, lifted)
        found |= await self._known(tx, missing)
        return {one: found[digest] for digest, one in asked.items()}

    async def token_of(self, tx: Transaction, one: Personal) -> str | None:
        """The token a value has, or None, also where it was erased; never makes one."""
        digest = self._digest(tx, one, await _lifted(tx))
        token = (await self._known(tx, [digest])).get(digest)
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
        await _alone(tx)
        name = self._person(tx, person, await _lifted(tx))
        self._log(f"{tx.tenant} {name}")
        return await _destroy(tx, name, at)

    async def lift(self, tx: Transaction, person: str, *, at: datetime) -> str | None:
        """Let an erased person be recorded anew; what was erased stays so.

        Returns what `log_lift` is to be told once this is committed; None when the person is not erased.
        """
        await _alone(tx)
        name = self._person(tx, person, await _lifted(tx))
        lifted = await tx.run(
            "update sightline.erasures set lifted_at = :at where tenant = :t and person = :p and lifted_at is null",
            t=tx.tenant, p=name, at=at,
        )  # fmt: skip
        return f"{tx.tenant} {name}" if lifted else None

    def log_lift(self, lifted: str) -> None:
        """Write what `lift` returned to the log beside the key. Before that, a restore leaves the person erased."""
        self._log(f"{lifted} {_LIFTED}")

    def erased(self) -> dict[int, set[str]]:
        """Per tenant the names that were ever erased, as the log beside the key has them; lifted or not."""
        found: dict[int, set[str]] = {}
        for tenant, name, _ in self._logged():
            found.setdefault(tenant, set()).add(name)
        return found

    async def replay_erasures(self, tx: Transaction, *, at: datetime) -> int:
        """After a restore: destroy again what was erased before. Returns how many values that took."""
        lifted = {name for tenant, name, was_lifted in self._logged() if tenant == tx.tenant and was_lifted}
        back = await tx.rows(
            "select p.person from unnest(cast(:people as text[])) as p(person) where not exists (select from"
            " sightline.erasures e where e.tenant = :t and e.person = p.person) or exists (select from"
            " sightline_keys.person_keys k where k.tenant = :t and k.person = p.person)",
            t=tx.tenant, people=sorted(self.erased().get(tx.tenant or 0, ())),
        )  # fmt: skip
        if back:
            await _alone(tx)
        gone = sum([await _destroy(tx, row["person"], at) for row in back])
        await tx.run(
            "update sightline.erasures set lifted_at = :at"
            " where tenant = :t and person = any(:people) and lifted_at is null",
            t=tx.tenant, people=sorted(lifted), at=at,
        )  # fmt: skip
        return gone

    async def hold_off_erasures(self, tx: Transaction) -> None:
        """Let erasures wait until this transaction has ended, or wait for one: what it keeps is then erased too."""
        await tx.run("select pg_advisory_xact_lock_shared(cast(:k as int), cast(:t as int))", k=_LOCK, t=tx.tenant)

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

    def _logged(self) -> Iterator[tuple[int, str, bool]]:
        """The lines of the log: tenant, name, and whether it tells of the lift."""
        log = self._folder / "erasures.log"
        for line in log.read_text().splitlines() if log.exists() else ():
            tenant, name, *lifted = line.split()
            yield int(tenant), name, bool(lifted)

    def _digest(self, tx: Transaction, one: Personal, lifted: Set[str]) -> bytes:
        text = f"{tx.tenant}\0{one.person}\0{one.value}".encode()
        return hmac.new(self._present(tx, one.person, lifted), text, hashlib.sha256).digest()

    def _person(self, tx: Transaction, person: str, lifted: Set[str]) -> str:
        return _name(self._present(tx, person, lifted), tx, person)

    def _present(self, tx: Transaction, person: str, lifted: Set[str]) -> bytes:
        """What names and digests are made by in a person's present generation: the first that was not lifted."""
        generation, index = 0, self._index
        while lifted and _name(index, tx, person) in lifted:
            generation += 1
            index = self._index_of(generation)
        return index

    def _index_of(self, generation: int) -> bytes:
        label = f"sightline-index-{generation}" if generation else "sightline-index"
        return hmac.new(self._master, label.encode(), hashlib.sha256).digest()

    async def _known(self, tx: Transaction, digests: Iterable[bytes]) -> dict[bytes, str]:
        rows = await tx.rows(
            "select digest, token from sightline.vault_values where tenant = :t and digest = any(:d)",
            t=tx.tenant, d=list(digests),
        )  # fmt: skip
        return {bytes(row["digest"]): row["token"] for row in rows}

    async def _seal_all(self, tx: Transaction, values: Mapping[bytes, Personal], lifted: Set[str]) -> None:
        if not values:
            return
        people = [self._person(tx, one.person, lifted) for one in values.values()]
        driver = await tx.driver()
        # Before erasures are read: one that is under way is then seen, and a later one finds the keys made here.
        await driver.execute("select pg_advisory_xact_lock_shared($1::int, $2::int)", _LOCK, tx.tenant)
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
            list(values),
            [
                _seal(keys[person], one.value.encode()) if person in keys else b""
                for person, one in zip(people, values.values(), strict=True)
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


def _name(index: bytes, tx: Transaction, person: str) -> str:
    return hmac.new(index, f"{tx.tenant}\0{person}".encode(), hashlib.sha256).hexdigest()[:32]


async def _lifted(tx: Transaction) -> Set[str]:
    """The names of the tenant that were lifted: whoever had one goes by the next."""
    rows = await tx.rows(
        "select person from sightline.erasures where tenant = :t and lifted_at is not null", t=tx.tenant
    )
    return {row["person"] for row in rows}


async def _alone(tx: Transaction) -> None:
    """Wait for those who make keys of the tenant, and let none begin until the commit."""
    await tx.run("select pg_advisory_xact_lock(cast(:k as int), cast(:t as int))", k=_LOCK, t=tx.tenant)


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
