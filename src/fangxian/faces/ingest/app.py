"""The handler with everything it takes in: visits, registrations of samples, passages of checkpoints."""

from fangxian.faces.ingest.doors import Doors
from fangxian.faces.ingest.handler import Ingest
from fangxian.faces.ingest.passages import Passages
from fangxian.faces.ingest.registrations import Registrations
from fangxian.warehouse import visit_log

app = Ingest(visit_log, Doors(), {"registrations": Registrations(), "passages": Passages()})
