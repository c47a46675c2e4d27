package dev.wspool.ktor.interop

import java.nio.file.Path

// As their manuals tell one to have WebSockets go through; all that they write, they write in the folder.

internal fun nginxConfiguration(versions: TlsVersions, port: Int, folder: Path, behind: String) = """
    daemon off;
    master_process off;
    pid $folder/pid;
    error_log stderr notice;
    events {}
    http {
        access_log off;
        client_body_temp_path $folder/body;
        proxy_temp_path $folder/proxy;
        fastcgi_temp_path $folder/fastcgi;
        uwsgi_temp_path $folder/uwsgi;
        scgi_temp_path $folder/scgi;
        server {
            listen 127.0.0.1:$port ssl;
            ssl_certificate $folder/certificate.pem;
            ssl_certificate_key $folder/certificate.pem;
            ssl_protocols ${setOf(versions.lowest, versions.highest).joinToString(" ")};
            location / {
                proxy_pass ${behind.replace("ws:", "http:")};
                proxy_http_version 1.1;
                proxy_set_header Upgrade ${'$'}http_upgrade;
                proxy_set_header Connection upgrade;
            }
        }
    }
    """.trimIndent()

internal fun haproxyConfiguration(versions: TlsVersions, port: Int, folder: Path, behind: String) = """
    defaults
        mode http
        timeout connect 5s
        timeout client 60s
        timeout server 60s
        timeout tunnel 60s
        retries 0
    frontend tls
        bind 127.0.0.1:$port ssl crt $folder/certificate.pem ssl-min-ver ${versions.lowest} ssl-max-ver ${versions.highest}
        default_backend peer
    backend peer
        server peer ${behind.removePrefix("ws://")}
    """.trimIndent() + "\n"
