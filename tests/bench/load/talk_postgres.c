/* talk_postgres -- see talk_postgres.h. */
#include "talk_postgres.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>

struct client {
    struct watch watch;
    struct seat *seat;
    PGconn *connection;
};

static PGconn *connect_to(const struct crowd *crowd)
{
    char where[128];
    snprintf(where, sizeof where,
             "host=127.0.0.1 port=%u dbname=postgres user=postgres sslmode=require"
             " ssl_min_protocol_version=TLSv1.3",
             crowd->wish.port);
    PGconn *connection = PQconnectdb(where);
    if (PQstatus(connection) != CONNECTION_OK || !PQsslInUse(connection)) {
        give_up("postgresql: %s", PQerrorMessage(connection));
    }
    return connection;
}

static void run(PGconn *connection, const char *statement)
{
    PGresult *result = PQexec(connection, statement);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        give_up("postgresql: %s", PQerrorMessage(connection));
    }
    PQclear(result);
}

static void flush(struct client *client)
{
    int left = PQflush(client->connection);
    if (left < 0) {
        give_up("postgresql: %s", PQerrorMessage(client->connection));
    }
    loop_watch(&client->seat->crowd->loop, PQsocket(client->connection), &client->watch,
               left > 0 ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

static void notices_take(struct client *client)
{
    PGnotify *notice;
    while ((notice = PQnotifies(client->connection)) != NULL) {
        size_t writer;
        uint64_t n;
        if (!body_read(slice_of_text(notice->extra), &writer, &n)) {
            give_up("postgresql notified something else");
        }
        PQfreemem(notice);
        seat_delivered(client->seat, writer, n);
    }
}

static void on_ready(struct watch *watch, uint32_t events)
{
    struct client *client = (struct client *)watch;
    if ((events & EPOLLOUT) != 0) {
        flush(client);
    }
    if (PQconsumeInput(client->connection) == 0) {
        give_up("postgresql: %s", PQerrorMessage(client->connection));
    }
    while (client->seat->acked < client->seat->sent && PQisBusy(client->connection) == 0) {
        PGresult *result = PQgetResult(client->connection);
        if (result == NULL) {
            seat_acked(client->seat, client->seat->acked + 1);
            continue;
        }
        if (PQresultStatus(result) != PGRES_TUPLES_OK) {
            give_up("postgresql: %s", PQerrorMessage(client->connection));
        }
        PQclear(result);
    }
    notices_take(client);
}

static void postgres_found(struct crowd *crowd)
{
    PGconn *connection = connect_to(crowd);
    run(connection, "DROP TABLE IF EXISTS entry");
    run(connection, "CREATE TABLE entry (ref bigserial PRIMARY KEY, room bigint NOT NULL,"
                    " writer bigint NOT NULL, n bigint NOT NULL, body text NOT NULL,"
                    " UNIQUE (room, writer, n))");
    PQfinish(connection);
}

static void postgres_open(struct seat *seat)
{
    struct client *client = calloc(1, sizeof *client);
    char statement[64];
    seat->own = client;
    client->seat = seat;
    client->watch.ready = on_ready;
    client->connection = connect_to(seat->crowd);
    snprintf(statement, sizeof statement, "LISTEN room%zu", seat->room);
    run(client->connection, statement);
    run(client->connection,
        "PREPARE append (bigint, bigint, bigint, text, text) AS WITH written AS (INSERT INTO entry"
        " (room, writer, n, body) VALUES ($1, $2, $3, $4) RETURNING body)"
        " SELECT pg_notify($5, body) FROM written");
    if (PQsetnonblocking(client->connection, 1) != 0) {
        give_up("postgresql cannot be nonblocking");
    }
    loop_watch(&seat->crowd->loop, PQsocket(client->connection), &client->watch, EPOLLIN);
    seat_ready(seat);
}

static void postgres_prepare(struct crowd *crowd)
{
    (void)crowd;
}

static void postgres_append(struct seat *seat, uint64_t n)
{
    struct client *client = seat->own;
    char room[24], writer[24], number[24], channel[32], body[BODY_BYTES + 1];
    snprintf(room, sizeof room, "%zu", seat->room);
    snprintf(writer, sizeof writer, "%zu", seat->index);
    snprintf(number, sizeof number, "%llu", (unsigned long long)n);
    snprintf(channel, sizeof channel, "room%zu", seat->room);
    body_fill(seat->index, n, body);
    body[BODY_BYTES] = '\0';
    const char *const values[] = {room, writer, number, body, channel};
    if (PQsendQueryPrepared(client->connection, "append", 5, values, NULL, NULL, 0) == 0) {
        give_up("postgresql: %s", PQerrorMessage(client->connection));
    }
    flush(client);
}

static void postgres_close(struct seat *seat)
{
    struct client *client = seat->own;
    PQfinish(client->connection);
    free(client);
}

static void postgres_end(struct crowd *crowd)
{
    (void)crowd;
}

const struct talker talk_postgres = {.name = "postgresql",
                                     .found = postgres_found,
                                     .open = postgres_open,
                                     .prepare = postgres_prepare,
                                     .append = postgres_append,
                                     .close = postgres_close,
                                     .end = postgres_end};
