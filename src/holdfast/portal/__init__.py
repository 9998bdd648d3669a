"""What people see in a browser: the portal, and the pages that must work without JavaScript."""
