"""Tables: key_signatures, and of device_list_changes what one user is told."""

from holdfast.kit.db import Tx


def add(tx: Tx, signer: str, signatures: list[list[str]], position: int) -> None:
    """Store signatures of one user, each as user ID, ID of the signed key, key ID and signature."""
    tx.run(
        "INSERT INTO key_signatures (user_id, key_id, signer, signer_key_id, signature, position)"
        " SELECT s.user_id, s.key_id, :signer, s.signer_key_id, s.signature,"
        " CAST(:position AS bigint)"
        " FROM rows(:signatures, user_id, key_id, signer_key_id, signature) AS s WHERE 1 = 1"
        " ON CONFLICT (user_id, key_id, signer, signer_key_id) DO UPDATE"
        " SET signature = excluded.signature, position = excluded.position",
        signer=signer,
        signatures=signatures,
        position=position,
    )


def known(tx: Tx, signer: str, signatures: list[list[str]]) -> list[list[str]]:
    """Those of some signatures that are stored already."""
    return tx.all(
        lambda *columns: list(columns),
        "SELECT user_id, key_id, signer_key_id, signature FROM key_signatures"
        " WHERE signer = :signer AND (user_id, key_id, signer_key_id, signature)"
        " IN rows(:signatures, user_id, key_id, signer_key_id, signature)",
        signer=signer,
        signatures=signatures,
    )


def delete_of_device(tx: Tx, user_id: str, device_id: str, signer_key_id: str) -> None:
    """Forget the signatures of and by a device whose keys are replaced."""
    tx.run(
        "DELETE FROM key_signatures WHERE user_id = :user_id AND signer = :user_id"
        " AND (key_id = :device_id OR signer_key_id = :signer_key_id)",
        user_id=user_id,
        device_id=device_id,
        signer_key_id=signer_key_id,
    )


def changed_between(tx: Tx, after: int, upto: int) -> list[str]:
    """Whose device lists changed between two positions."""
    return tx.all(
        str,
        "SELECT user_id FROM device_list_changes WHERE position > :after AND position <= :upto",
        after=after,
        upto=upto,
    )


def told_to(tx: Tx, signer: str, after: int, upto: int) -> list[str]:
    """Whose keys a user signed, or whose device list (their own) changed, between two positions."""
    return tx.all(
        str,
        "SELECT user_id FROM device_list_changes WHERE user_id = :signer"
        " AND position > :after AND position <= :upto"
        " UNION SELECT user_id FROM key_signatures WHERE signer = :signer"
        " AND position > :after AND position <= :upto",
        signer=signer,
        after=after,
        upto=upto,
    )


def signed_by(tx: Tx, user_id: str, signer_key_id: str) -> list[str]:
    """The IDs of a user's keys that one of the user's own keys has signed."""
    return tx.all(
        str,
        "SELECT key_id FROM key_signatures WHERE user_id = :user_id AND signer = :user_id"
        " AND signer_key_id = :signer_key_id",
        user_id=user_id,
        signer_key_id=signer_key_id,
    )
