#!/bin/sh
# Makes the certificates beside it with openssl 3: such as rcgen and ring do not make. Their keys are thrown away; nothing
# in the tests signs with them. Valid for 127.0.0.1, as far as they name anything, until the year 2300.
set -eu
cd "$(dirname "$0")"
key=$(mktemp)
trap 'rm -f "$key"' EXIT
days=100000

openssl req -x509 -newkey rsa:1024 -nodes -keyout "$key" -subj /CN=rsa-1024 -days $days \
    -addext subjectAltName=IP:127.0.0.1 -out rsa-1024.pem
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-521 -nodes -keyout "$key" -subj /CN=p-521 -days $days \
    -addext subjectAltName=IP:127.0.0.1 -out p-521.pem
openssl req -x509 -newkey ed448 -nodes -keyout "$key" -subj /CN=ed448 -days $days \
    -addext subjectAltName=IP:127.0.0.1 -out ed448.pem
openssl ecparam -name prime256v1 -genkey -noout -out "$key"
openssl req -new -key "$key" -subj /CN=version-1 | openssl x509 -req -signkey "$key" -days $days -out version-1.pem
