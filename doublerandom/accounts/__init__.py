"""Bodies and departments, regions, users, roles, sign-in, scope of sight."""
