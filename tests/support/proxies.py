"""nginx and HAProxy in front of a pod, as an operator would set them up."""

import getpass

from tests.support.ports import listens
from tests.support.processes import Process, free_port, program

HEADERS = {
    "X-Forwarded-For": "$proxy_add_x_forwarded_for",
    "Forwarded": "'$http_forwarded, for=\"$remote_addr:$remote_port\"'",
}
NGINX = """
daemon off;
user {user};
pid {directory}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    upstream pods {{ server 127.0.0.1:{pod}; keepalive 16; keepalive_timeout {keeps}; }}
    map $http_upgrade $connection_upgrade {{ default upgrade; "" ""; }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://pods;
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header {header} {value};
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $connection_upgrade;
        }}
    }}
}}
"""
HAPROXY = """
global
    log stderr format raw daemon warning
defaults
    mode http
    timeout connect 5s
    timeout client 60s
    timeout server 60s
    timeout tunnel 1h
    timeout http-keep-alive {keeps}
frontend people
    bind 127.0.0.1:{port}
    {forwards}
    default_backend pods
backend pods
    server pod-1 127.0.0.1:{pod}
"""
FORWARDS = {
    "X-Forwarded-For": "option forwardfor",
    "Forwarded": 'http-request add-header Forwarded for=\\"%ci:%cp\\"',
}


class Proxy(Process):
    """A proxy that is ready when it takes connections."""

    def __init__(
        self, name: str, pod: int, header: str, value: str = "", keeps: str = "60s"
    ) -> None:
        self.port = free_port()
        super().__init__(name, [])
        configuration = self.directory / f"{name}.conf"
        parts = {
            "pod": pod,
            "port": self.port,
            "directory": self.directory,
            "header": header,
            "keeps": keeps,
        }
        if name == "nginx":
            value = value or HEADERS[header]
            text = NGINX.format(user=getpass.getuser(), value=value, **parts)
            self.command = [program("nginx"), "-c", str(configuration), "-p", str(self.directory)]
        else:
            text = HAPROXY.format(forwards=FORWARDS[header], **parts)
            self.command = [program("haproxy"), "-f", str(configuration)]
        configuration.write_text(text)

    def ready(self) -> bool:
        return listens(self.port)
