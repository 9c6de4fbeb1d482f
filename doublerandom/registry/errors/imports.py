"""Errors of files to import."""

from doublerandom.errors import ConflictingStateError, InvalidInputError, NotFoundError


class UnreadableFileError(InvalidInputError):
    """A file that is neither UTF-8 nor GB18030, or no table at all."""

    code = "unreadable_file"


class WebPageError(UnreadableFileError):
    """A web page or other mark-up under the name of a workbook, as some systems export lists."""

    code = "file_is_web_page"


class ProtectedWorkbookError(UnreadableFileError):
    """A workbook that only a password opens."""

    code = "workbook_protected"


class DamagedWorkbookError(UnreadableFileError):
    """A workbook that is not whole, or an archive that is no workbook."""

    code = "workbook_damaged"


class LargeWorkbookError(UnreadableFileError):
    """A workbook that, unpacked, is larger than the settings allow."""

    code = "workbook_too_large"


class EmptyWorkbookError(UnreadableFileError):
    """A workbook without a visible sheet that has rows."""

    code = "workbook_empty"


class MissingColumnsError(InvalidInputError):
    """A file to import lacks columns that its kind needs; `found` is its header."""

    code = "missing_columns"


class RepeatedColumnError(InvalidInputError):
    """Two columns of a file mean the same field."""

    code = "repeated_column"


class ColumnsChosenTwiceError(InvalidInputError):
    """A person gave two columns the same meaning."""

    code = "columns_chosen_twice"


class ImportNotFoundError(NotFoundError):
    """There is no such import in sight."""

    code = "import_not_found"


class ImportFileTooLargeError(InvalidInputError):
    """An uploaded file is larger than the settings allow."""

    code = "import_file_too_large"


class WrongImportStateError(ConflictingStateError):
    """The import is past this step, or not there yet."""

    code = "wrong_import_state"


class NotRegistrationSourceError(InvalidInputError):
    """A body that does not register subjects would change their base fields."""

    code = "not_registration_source"


class BatchUndoneError(ConflictingStateError):
    """The batch was taken back before."""

    code = "batch_undone"


class BatchNotUndoableError(ConflictingStateError):
    """Batches of this kind are not taken back as a whole."""

    code = "batch_not_undoable"
