"""What incidents does when the others speak: nothing yet, it is where the story begins."""

from kernel.inbox import Subscription

SUBSCRIPTIONS: tuple[Subscription, ...] = ()
