//! Catalogs of PostgreSQL by the statements that make them.

use insta::assert_snapshot;
use larkspur_sql::{Policy, PostgresDdl};

/// The catalog of `public`, and what was left out of the text.
fn shown(ddl: &str) -> String {
    match PostgresDdl::read(ddl) {
        Ok(read) => {
            let left_out: Vec<String> = read
                .left_out()
                .iter()
                .map(|left| format!("left out: {left}\n"))
                .collect();
            format!("{}{}", read.catalog(&[]), left_out.concat())
        }
        Err(error) => format!("error: {error}\n"),
    }
}

/// As the dumping program writes them, with data and commands of `psql` between.
#[test]
fn dumps_are_read() {
    assert_snapshot!(shown(r#"
\restrict a'b
SET statement_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);
CREATE TYPE public.mood AS ENUM ('sad', 'it''s ok');
CREATE DOMAIN public.email AS character varying(40) CONSTRAINT has_at CHECK (((VALUE)::text ~~ '%@%'::text));
CREATE FUNCTION public.twice(n integer) RETURNS integer LANGUAGE sql AS $_$ SELECT '('; CREATE TABLE no (a int); $_$;
CREATE TABLE public.users (
    id integer NOT NULL,
    "Name" text DEFAULT 'a;b'::text NOT NULL, -- ; '
    feels public.mood DEFAULT 'sad'::public.mood,
    mail public.email,
    tags text[] DEFAULT ARRAY['x'::text],
    seen timestamp(3) without time zone DEFAULT now(),
    /* nested /* ; */ ( */
    CONSTRAINT positive CHECK (((id > 0) AND (id < 10)))
);
ALTER TABLE public.users OWNER TO postgres;
COMMENT ON TABLE public.users IS 'Who there is';
COMMENT ON COLUMN public.users."Name" IS E'as\nsaid';
ALTER TABLE public.users ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.users_id_seq
    START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1
);
CREATE TABLE public.posts (id bigint NOT NULL, author integer, total numeric(10,2), at timestamp with time zone);
CREATE VIEW public.named AS SELECT u."Name" AS name, count(*) AS n, (sum(p.total))::numeric(12,2) AS total, avg(p.total)
   FROM (public.users u JOIN public.posts p ON ((p.author = u.id))) GROUP BY u."Name";
COPY public.users (id, "Name") FROM stdin;
1	it's ( not closed $$
\.
ALTER TABLE ONLY public.users ADD CONSTRAINT users_pkey PRIMARY KEY (id);
CREATE INDEX posts_author ON public.posts USING btree (author) WHERE (total > (0)::numeric);
ALTER TABLE ONLY public.posts ADD CONSTRAINT posts_author_fkey FOREIGN KEY (author) REFERENCES public.users(id) ON DELETE CASCADE;
"#), @r#"
users(id integer, "Name" text, feels mood ('sad', 'it''s ok'), mail character varying(40), tags text[], seen timestamp(3) without time zone)
  key id
  Who there is
  "Name": as said
posts(id bigint, author integer, total numeric(10,2), at timestamp with time zone)
  author -> users(id)
named(name text, n bigint, total numeric(12,2), avg) view
"#);
}

/// As people write them.
#[test]
fn migrations_are_followed() {
    assert_snapshot!(shown(
        "CREATE TABLE Users (ID serial primary key, name varchar, int2 int2, f float(10), d decimal, c char, b bool, t timetz, s text collate \"C\");
        create unlogged table if not exists posts (id bigserial, who int references users, gone int, primary key (id));
        create table if not exists posts (other int);
        create temp table scratch (a int);
        CREATE TABLE logs (at date, n int) PARTITION BY RANGE (at);
        CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
        CREATE TABLE logs_2 (at date, n int);
        ALTER TABLE ONLY public.logs ATTACH PARTITION public.logs_2 FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
        CREATE TABLE child (more text) INHERITS (users);
        CREATE TABLE like_it (LIKE posts);
        ALTER TABLE posts DROP COLUMN gone, ADD COLUMN title text NOT NULL;
        ALTER TABLE posts RENAME COLUMN title TO heading;
        ALTER TABLE users RENAME TO people;
        ALTER TABLE people ALTER COLUMN name TYPE text, ALTER COLUMN name SET NOT NULL;
        CREATE TABLE passing (a int); DROP TABLE IF EXISTS passing, nobody;
        CREATE TYPE mood AS ENUM ('sad', 'happy'); CREATE TABLE feels (mood mood);
        ALTER TYPE mood ADD VALUE 'meh' BEFORE 'happy';
        CREATE FOREIGN TABLE far (a int) SERVER away OPTIONS (table_name 'x');
        CREATE MATERIALIZED VIEW seen (x) AS SELECT * FROM feels WITH NO DATA;
        CREATE TABLE copied AS SELECT heading, id AS number FROM posts;
        INSERT INTO people VALUES (1, 'a;b'); GRANT SELECT ON people TO reader"
    ), @r#"
people(id integer, name text, int2 smallint, f real, d numeric, c character(1), b boolean, t time with time zone, s text)
  key id
posts(id bigint, who integer, heading text)
  key id
  who -> people(id)
logs(at date, n integer)
child(id integer, name character varying, int2 smallint, f real, d numeric, c character(1), b boolean, t time with time zone, s text, more text)
like_it(id bigint, who integer, gone integer)
feels(mood mood ('sad', 'meh', 'happy'))
far(a integer) virtual
seen(x mood ('sad', 'meh', 'happy')) view
copied(heading text, number bigint)
"#);
}

#[test]
fn what_is_not_understood_is_told() {
    assert_snapshot!(shown(
        "CREATE TABLE t (a int);
        CREATE TABLE u (a int,, b int);
        CREATE TABLE both (LIKE t INCLUDING ALL, extra uuid);
        CREATE VIEW v AS SELECT a + 1 FROM t;
        CREATE VIEW w AS SELECT * FROM nobody;
        COMMENT ON COLUMN t.b IS 'x';
        ALTER TABLE nobody ADD COLUMN a int;
        ALTER TABLE t DROP CONSTRAINT c;
        CREATE TABLE other.t (b int);"
    ), @r#"
t(a integer)
left out: line 2: `CREATE TABLE u (a …`: Expected: column name or constraint definition, found: ,
left out: line 3: `CREATE TABLE both (LIKE …`: Expected: ), found: INCLUDING
left out: line 4: `v`: a column has no name
left out: line 5: `w`: what `*` stands for is not known
left out: line 6: there is no column `t.b`
left out: line 7: there is no table `nobody`
left out: line 8: what DROP CONSTRAINT does to `t` is not followed
"#);
    for (ddl, error) in [
        ("", "there is no CREATE TABLE"),
        ("SELECT 1", "there is no CREATE TABLE"),
        (
            "CREATE TABLE t (a int",
            "the parenthesis is not closed at line 1, column 16",
        ),
        (
            "\nCREATE TABLE t (a text DEFAULT 'x)",
            "the quote is not closed at line 2, column 32",
        ),
        (
            "CREATE FUNCTION f() AS $a$ $b$",
            "the quote is not closed at line 1, column 24",
        ),
        (
            "CREATE TABLE t (\"a int)",
            "the quote is not closed at line 1, column 17",
        ),
        (
            "/* /* */ CREATE TABLE t (a int)",
            "the comment is not closed at line 1, column 1",
        ),
    ] {
        assert_eq!(
            PostgresDdl::read(ddl).unwrap_err().to_string(),
            error,
            "{ddl}"
        );
    }
}

/// What a policy says of schemas, columns and functions.
#[test]
fn a_policy_says_what_of_it_there_is() {
    let ddl = "CREATE TABLE shop.users (id int PRIMARY KEY, password text); CREATE TABLE public.users (a int);
        CREATE TABLE shop.orders (who int REFERENCES shop.users, other int REFERENCES public.users (a));
        CREATE FUNCTION shop.lower(text) RETURNS text LANGUAGE sql AS 'SELECT 1'";
    let ddl = PostgresDdl::read(ddl).unwrap();
    let policy = r#"{"schemas": ["shop", "public"], "exclude": ["*.password"]}"#;
    let guard = ddl.guard(Policy::from_json(policy).unwrap());
    assert_snapshot!(guard.catalog(), @r#"
users(id integer)
  key id
orders(who integer, other integer)
  who -> users(id)
"#);
    for (sql, is_right) in [
        ("SELECT id FROM users", true),
        ("SELECT password FROM users", false),
        ("SELECT a FROM users", false),
        ("SELECT upper('x') FROM users", true),
        ("SELECT lower('x') FROM users", false),
    ] {
        assert_eq!(guard.check(sql).is_ok(), is_right, "{sql}");
    }
    assert_eq!(ddl.catalog(&[]).to_string(), "users(a integer)\n");
}

/// Deep and long texts come to an end, soon.
#[test]
fn hostile_texts() {
    let deep = |open: &str, close: &str| {
        let (open, close) = (open.repeat(100_000), close.repeat(100_000));
        format!("CREATE TABLE t (a int); CREATE TABLE u (a int DEFAULT {open}1{close})")
    };
    for ddl in [
        deep("(", ")"),
        deep("ARRAY[", "]"),
        deep("NOT ", ""),
        deep("1+", ""),
    ] {
        let read = PostgresDdl::read(&ddl).unwrap();
        assert_eq!(
            (read.catalog(&[]).tables.len(), read.left_out().len()),
            (1, 1)
        );
    }
    let wide: Vec<String> = (0..1_000).map(|n| format!("c{n} int")).collect();
    let wide = format!("CREATE TABLE t ({});", wide.join(", "));
    let many = wide + &"CREATE TABLE u (LIKE t); DROP TABLE u;".repeat(10_000);
    let error = PostgresDdl::read(&many).unwrap_err();
    assert_eq!(error.to_string(), "it has more than 200,000 columns");
    let quotes = format!(
        "CREATE TABLE t (a int); SELECT E'{}'",
        "''".repeat(1_000_000)
    );
    assert!(PostgresDdl::read(&quotes).is_ok());
    let dollars = format!("CREATE TABLE t (a int); SELECT {}", "$1".repeat(500_000));
    assert!(PostgresDdl::read(&dollars).is_ok());
}
