"""Register pages: list, record, form, import and export, all derived from a register's declaration."""
