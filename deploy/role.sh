#!/bin/sh
# Run once by the database's image, when it is new: for a superuser PostgreSQL would not keep clinics apart.
psql -v ON_ERROR_STOP=1 -v password="$POSTGRES_PASSWORD" -U postgres -d clinic_media <<'SQL'
CREATE ROLE clinic_media LOGIN PASSWORD :'password';
ALTER DATABASE clinic_media OWNER TO clinic_media;
SQL
