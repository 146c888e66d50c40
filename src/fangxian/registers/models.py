"""Where Django looks for the framework's tables."""

from fangxian.registers.attachments import Attachment, AttachmentContent
from fangxian.registers.runs import ImportRun

__all__ = ["Attachment", "AttachmentContent", "ImportRun"]
