"""Tables: rooms, events, room_state, room_members, room_aliases, encrypted_events,
megolm_sessions."""
