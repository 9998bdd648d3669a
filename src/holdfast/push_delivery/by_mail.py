"""Telling people by mail that there are unread messages, where the operator allows it.

Not what they say: mails lie around readable, and most messages the server cannot read itself.
"""

from holdfast.credentials import rules as credentials
from holdfast.kit.context import Context
from holdfast.kit.db import Tx
from holdfast.kit.mail.kinds import MissedMessages
from holdfast.push import due as push
from holdfast.push.due import Due

UNREAD_MS = 10 * 60_000  # somebody who is there reads within that time
PAUSE_MS = 3600_000


def mail(tx: Tx, context: Context, due: Due, now: int) -> None:
    """Queue a mail to a user who has left something unread for ten minutes; one in an hour at most.

    `now` is in milliseconds. An address that is the user's no more gets none, and its pusher goes.
    """
    waiting = push.waiting(tx, due)
    contact = credentials.contact(tx, due.user_id)
    if due.pushkey not in contact.emails:
        push.rejected(tx, due)
        return
    if not waiting or not (context.mailer.works and context.settings.push_emails):
        push.delivered(tx, due, waiting)
        return
    if now < waiting[0].at + UNREAD_MS:
        push.later(tx, due, waiting[0].at + UNREAD_MS)
        return
    missed = MissedMessages(
        user_id=due.user_id,
        messages=push.unread(tx, due.user_id),
        rooms=push.unread_rooms(tx, due.user_id),
    )
    context.mailer.queue(tx, context.mailer.draft(due.pushkey, contact.language, missed))
    push.delivered(tx, due, waiting)
    push.later(tx, due, now + PAUSE_MS)
