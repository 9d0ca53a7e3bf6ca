#!/usr/bin/python3
"""A bare window of WebKitGTK, for its WebDriver: MiniBrowser's toolbar is never
narrower than 447 px.  What a visitor prefers comes as the arguments, in JSON.
What pages write to the console goes to standard output.
"""
import json
import os
import sys

import gi
gi.require_version('Gtk', '3.0')
gi.require_version('WebKit2', '4.1')
from gi.repository import GLib, Gtk, WebKit2  # noqa: E402

visitor = json.loads(next(a for a in sys.argv if a.startswith('{')))

look = Gtk.Settings.get_default()
look.set_property('gtk-application-prefer-dark-theme', visitor['scheme'] == 'dark')
look.set_property('gtk-enable-animations', not visitor['still'])

context = WebKit2.WebContext.get_default()
context.set_automation_allowed(True)
context.set_preferred_languages([visitor['locale']])

settings = WebKit2.Settings()
settings.set_enable_write_console_messages_to_stdout(True)
settings.set_enable_javascript(visitor['scripts'])

content = WebKit2.UserContentManager()
for path in visitor['inject']:
    with open(path, encoding='utf-8') as file:
        content.add_script(WebKit2.UserScript(
            file.read(), WebKit2.UserContentInjectedFrames.TOP_FRAME,
            WebKit2.UserScriptInjectionTime.START, None, None))


def save(_, download):
    """Under another name until it is whole."""
    path = []

    def decide(download, name):
        path.append(os.path.join(visitor['downloads'], name))
        download.set_destination('file://' + path[0] + '.part')
        return True
    download.connect('decide-destination', decide)
    download.connect('finished', lambda _: os.rename(path[0] + '.part', path[0]))


def make_view(_):
    view = WebKit2.WebView(web_context=context, is_controlled_by_automation=True,
                           user_content_manager=content, settings=settings)
    view.set_size_request(50, 50)
    window = Gtk.Window(type=Gtk.WindowType.TOPLEVEL)
    window.set_decorated(False)
    window.set_default_size(visitor['width'], visitor['height'])
    window.add(view)
    window.show_all()
    view.grab_focus()
    # A screenshot waits for the next frame, and a page that stands still has none.
    GLib.timeout_add(50, lambda: view.queue_draw() or True)
    return view


def begin(_, session):
    info = WebKit2.ApplicationInfo()
    info.set_name('window')
    info.set_version(1, 0, 0)
    session.set_application_info(info)
    session.connect('create-web-view', make_view)


context.connect('download-started', save)
context.connect('automation-started', begin)
Gtk.main()
