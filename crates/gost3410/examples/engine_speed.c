/* Speed of OpenSSL's gost engine through EVP, for examples/speed.rs:
 * engine_speed OPERATIONS BATCHES PARAMSET BITS
 * prints the nanoseconds of one signature and of one verification, in the best batch.
 * OPENSSL_CONF must name a configuration that loads the engine. */
#include <openssl/evp.h>
#include <openssl/conf.h>
#include <openssl/engine.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void check(int ok, const char *what) {
    if (ok != 1) {
        fprintf(stderr, "%s\n", what);
        ERR_print_errors_fp(stderr);
        exit(1);
    }
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e9 + time.tv_nsec;
}

int main(int argc, char **argv) {
    if (argc != 5) return 2;
    int operations = atoi(argv[1]), batches = atoi(argv[2]), bits = atoi(argv[4]);
    check(OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, NULL), "configuration");

    EVP_PKEY_CTX *maker =
        EVP_PKEY_CTX_new_id(OBJ_txt2nid(bits == 512 ? "gost2012_512" : "gost2012_256"), NULL);
    check(maker != NULL, "the gost engine is not loaded");
    EVP_PKEY *key = NULL;
    check(EVP_PKEY_keygen_init(maker), "keygen init");
    check(EVP_PKEY_CTX_ctrl_str(maker, "paramset", argv[3]), "paramset");
    check(EVP_PKEY_keygen(maker, &key), "keygen");

    EVP_PKEY_CTX *signer = EVP_PKEY_CTX_new(key, NULL), *verifier = EVP_PKEY_CTX_new(key, NULL);
    check(EVP_PKEY_sign_init(signer), "sign init");
    check(EVP_PKEY_verify_init(verifier), "verify init");

    unsigned char digest[64], signature[128];
    size_t digest_length = bits / 8, length = sizeof signature;
    memset(digest, 0x5A, sizeof digest);
    check(EVP_PKEY_sign(signer, signature, &length, digest, digest_length), "sign");

    double best_sign = 1e18, best_verify = 1e18;
    for (int batch = 0; batch < batches; batch++) {
        double start = now();
        for (int i = 0; i < operations; i++) {
            length = sizeof signature;
            check(EVP_PKEY_sign(signer, signature, &length, digest, digest_length), "sign");
        }
        double middle = now();
        for (int i = 0; i < operations; i++)
            check(EVP_PKEY_verify(verifier, signature, length, digest, digest_length), "verify");
        double end = now();
        if ((middle - start) / operations < best_sign) best_sign = (middle - start) / operations;
        if ((end - middle) / operations < best_verify) best_verify = (end - middle) / operations;
    }
    printf("%.0f %.0f\n", best_sign, best_verify);
    return 0;
}
