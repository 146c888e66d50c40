"""What following goods means, as drawn tables; both engines run every one."""
