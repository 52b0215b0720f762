"""Let moderators hide blueprints, and let a report be of one."""

from django.db import migrations, models


from moderation.migrations._groups import Right, grant

VIEW = Right("blueprints", "blueprint", "view_blueprint", "Can view blueprint")
HIDE = Right("moderation", "operation", "hide_blueprint", "Can hide and show blueprints and undo that")


def give(apps, schema_editor):
    for group in ("moderator", "administrator"):
        grant(apps, group, [VIEW, HIDE])


class Migration(migrations.Migration):

    dependencies = [
        ('blueprints', '0001_initial'),
        ('canvas', '0017_smaller_rows'),
        ('moderation', '0006_redact'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='operation',
            options={'default_permissions': ['view'], 'ordering': ['-id'], 'permissions': [('revert_pixels', 'Can revert pixels and undo that'), ('fill_area', 'Can fill and clear an area and undo that'), ('protect_area', 'Can protect an area and undo that'), ('freeze_canvas', 'Can freeze and thaw a canvas'), ('configure_canvas', 'Can change size, palette and cooldown of a canvas'), ('redact_past', 'Can keep an area of the past from being shown and undo that'), ('ban_person', 'Can ban people and networks, and lift bans'), ('shadow_person', 'Can put people on the shadow list'), ('hide_blueprint', 'Can hide and show blueprints and undo that'), ('export_audit', 'Can export the audit trail'), ('view_overview', 'Can see the overview')]},
        ),
        migrations.RemoveConstraint(
            model_name='report',
            name='report_once',
        ),
        migrations.AddField(
            model_name='report',
            name='blueprint',
            field=models.CharField(blank=True, db_default='', help_text='its id', max_length=10),
        ),
        migrations.AlterField(
            model_name='operation',
            name='kind',
            field=models.CharField(choices=[('revert', 'Revert'), ('fill', 'Fill'), ('retire', 'retire a colour'), ('configure', 'Configure'), ('ban', 'Ban'), ('unban', 'Unban'), ('report', 'resolve a report'), ('blueprint', 'hide or show a blueprint'), ('undo', 'Undo')], max_length=16),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'resolved'), _negated=True), fields=('canvas', 'x', 'y', 'width', 'height', 'blueprint', 'reporter'), name='report_once'),
        ),
        migrations.RunPython(give, migrations.RunPython.noop),
    ]
