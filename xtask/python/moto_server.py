"""moto's DynamoDB on 127.0.0.1 and the port it is given, one request after another.

By itself it answers each on a thread of its own, and two transactions at once change a table that a third
is copying: "dictionary changed size during iteration".
"""

import sys
import threading

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple

MOTO = DomainDispatcherApplication(create_backend_app)
TURN = threading.Lock()


def one_at_a_time(environ, start_response):
    with TURN:
        return MOTO(environ, start_response)


run_simple("127.0.0.1", int(sys.argv[1]), one_at_a_time, threaded=True)
