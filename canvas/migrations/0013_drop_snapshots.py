"""Drop the former snapshots unread: pods wrote them from memory, so they may hold forged boards."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("canvas", "0012_keyframes_and_tips")]
    operations = [migrations.DeleteModel("Snapshot")]
