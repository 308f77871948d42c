// SPDX-License-Identifier: Apache-2.0

// Verifies a ledger of ours with golang.org/x/mod alone: note (checkpoint signatures) and tlog (tiles and proofs).
//
//	verify VKEYFILE TILES MADE SIZE...
//
// TILES is the ledger's folder of tiles, MADE the folder of make_ledger. For each size: the signature of the
// checkpoint, every entry of the bundles against the authenticated tiles, inclusion and consistency proofs that
// Go makes from our tiles, and those that we made. Then one byte at a time is changed in entries, proofs,
// checkpoint and tiles, and every change must be refused.
package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

var tamperedTried, tamperedAccepted int

func die(format string, args ...interface{}) {
	fmt.Fprintf(os.Stderr, "verify: "+format+"\n", args...)
	os.Exit(1)
}

func must(err error, what string) {
	if err != nil {
		die("%s: %v", what, err)
	}
}

func read(path string) []byte {
	data, err := os.ReadFile(path)
	must(err, "read")
	return data
}

// C2SP tlog-tiles: tile/<L>/<N>[.p/<W>], where Go's own layout is tile/<H>/<L>/<N>[.p/<W>]. The way N is written
// is the same.
func tilePath(t tlog.Tile) string {
	own := strings.Split(t.Path(), "/")
	return strings.Join(append([]string{"tile", own[2]}, own[3:]...), "/")
}

type tiles struct {
	dir   string
	flip  string // path of the tile to be changed, "" for none
	at    int    // which byte
	asked map[string]int
}

func (t *tiles) Height() int { return height }

func (t *tiles) ReadTiles(list []tlog.Tile) ([][]byte, error) {
	var data [][]byte
	for _, tile := range list {
		path := tilePath(tile)
		bytes, err := os.ReadFile(filepath.Join(t.dir, path))
		if os.IsNotExist(err) && tile.W < 1<<height {
			full := tile
			full.W = 1 << height
			bytes, err = os.ReadFile(filepath.Join(t.dir, tilePath(full)))
		}
		if err != nil {
			return nil, err
		}
		if len(bytes) < tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s is too short", path)
		}
		bytes = bytes[:tile.W*tlog.HashSize]
		if t.asked != nil {
			t.asked[path] = len(bytes)
		}
		if path == t.flip {
			bytes[t.at] ^= 1
		}
		data = append(data, bytes)
	}
	return data, nil
}

func (t *tiles) SaveTiles([]tlog.Tile, [][]byte) {}

// A checkpoint is origin, size, root; its signature is checked by note.Open.
func openCheckpoint(data []byte, verifier note.Verifier) (tlog.Tree, error) {
	opened, err := note.Open(data, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("no checkpoint of %s", verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	hash, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: hash}, err
}

// A partial bundle may have been replaced by the full one.
func bundlePath(dir string, n, width int64) string {
	for _, w := range []int64{width, 256} {
		name := tilePath(tlog.Tile{H: height, L: 0, N: n, W: int(w)})
		path := filepath.Join(dir, strings.Replace(name, "tile/0/", "tile/entries/", 1))
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	die("there is no bundle %d", n)
	return ""
}

// The entries of one bundle: each 16 bits of length, big-endian, and the bytes.
func readBundle(dir string, n, size int64) [][]byte {
	width := size - n*256
	if width > 256 {
		width = 256
	}
	path := bundlePath(dir, n, width)
	data := read(path)
	var entries [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data)-2 < int(data[0])<<8|int(data[1]) {
			die("%s is cut", path)
		}
		end := 2 + int(data[0])<<8 + int(data[1])
		entries = append(entries, data[2:end])
		data = data[end:]
	}
	if int64(len(entries)) < width {
		die("%s has %d entries, not %d", path, len(entries), width)
	}
	return entries[:width]
}

func fold(hashes []tlog.Hash) tlog.Hash {
	if len(hashes) == 1 {
		return hashes[0]
	}
	k := 1
	for k*2 < len(hashes) {
		k *= 2
	}
	return tlog.NodeHash(fold(hashes[:k]), fold(hashes[k:]))
}

// Reads every tile of the tree and checks each against the ones below it, the lowest against the root; returns
// the leaf hashes. TileHashReader alone is not enough: before golang.org/x/mod 0.40.0 (Debian 12 has 0.7.0) it
// leaves some full tiles unchecked (CVE-2026-56865, go.dev/issue/80744); our test of changed tiles found it.
func readTree(tree tlog.Tree, t *tiles) ([]tlog.Hash, error) {
	var leaves, expected []tlog.Hash
	for level, nodes := 0, tree.N; nodes > 0; level, nodes = level+1, nodes>>height {
		var found, above []tlog.Hash
		for n := int64(0); n<<height < nodes; n++ {
			tile := tlog.Tile{H: height, L: level, N: n, W: 1 << height}
			if rest := nodes - n<<height; rest < int64(tile.W) {
				tile.W = int(rest)
			}
			data, err := t.ReadTiles([]tlog.Tile{tile})
			if err != nil {
				return nil, err
			}
			first := len(found)
			for at := 0; at < len(data[0]); at += tlog.HashSize {
				var hash tlog.Hash
				copy(hash[:], data[0][at:])
				found = append(found, hash)
			}
			if tile.W == 1<<height {
				above = append(above, fold(found[first:]))
			}
		}
		if level == 0 {
			leaves = found
		} else if len(found) != len(expected) {
			return nil, fmt.Errorf("level %d has %d hashes, not %d", level, len(found), len(expected))
		}
		for i := range expected {
			if found[i] != expected[i] {
				return nil, fmt.Errorf("hash %d of level %d is wrong", i, level)
			}
		}
		expected = above
	}
	if fold(leaves) != tree.Hash {
		return nil, fmt.Errorf("the leaves do not give the root")
	}
	return leaves, nil
}

func checkEntries(dir string, tree tlog.Tree) {
	hashes, err := readTree(tree, &tiles{dir: dir})
	must(err, "tiles")
	for n := int64(0); n*256 < tree.N; n++ {
		for i, entry := range readBundle(dir, n, tree.N) {
			index := n*256 + int64(i)
			if tlog.RecordHash(entry) != hashes[index] {
				die("entry %d is not the one in the tiles", index)
			}
			tamperedTried++
			changed := append([]byte{}, entry...)
			changed[int(index)%len(changed)] ^= 1
			if tlog.RecordHash(changed) == hashes[index] {
				tamperedAccepted++
			}
		}
	}
	root, err := tlog.TreeHash(tree.N, tlog.TileHashReader(tree, &tiles{dir: dir}))
	must(err, "root")
	if root != tree.Hash {
		die("the tiles give another root at %d", tree.N)
	}
}

// Proofs that Go makes from our tiles.
func checkGoProofs(dir string, tree, old tlog.Tree) {
	reader := tlog.TileHashReader(tree, &tiles{dir: dir})
	for _, n := range []int64{0, tree.N / 3, tree.N / 2, tree.N - 1} {
		hashes, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, n)})
		must(err, "leaf")
		proof, err := tlog.ProveRecord(tree.N, n, reader)
		must(err, "prove record")
		must(tlog.CheckRecord(proof, tree.N, tree.Hash, n, hashes[0]), "check record")
	}
	if old.N > 0 {
		proof, err := tlog.ProveTree(tree.N, old.N, reader)
		must(err, "prove tree")
		must(tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash), "check tree")
	}
}

func parseHash(text string) tlog.Hash {
	data, err := hex.DecodeString(text)
	must(err, "hash")
	var hash tlog.Hash
	if copy(hash[:], data) != tlog.HashSize {
		die("a hash of %d bytes", len(data))
	}
	return hash
}

func refused(err error) {
	tamperedTried++
	if err == nil {
		tamperedAccepted++
	}
}

func tamperRecordProof(proof tlog.RecordProof, tree tlog.Tree, n int64, leaf tlog.Hash) {
	for i := range proof {
		at := (i*7 + int(n)) % tlog.HashSize
		proof[i][at] ^= 1
		refused(tlog.CheckRecord(proof, tree.N, tree.Hash, n, leaf))
		proof[i][at] ^= 1
	}
	if tree.N > 1 {
		refused(tlog.CheckRecord(proof, tree.N, tree.Hash, (n+1)%tree.N, leaf))
		refused(tlog.CheckRecord(append(proof, leaf), tree.N, tree.Hash, n, leaf))
		refused(tlog.CheckRecord(proof[:len(proof)-1], tree.N, tree.Hash, n, leaf))
	}
}

// Proofs that our broker made.
func checkOurInclusion(made string, tree tlog.Tree) int {
	scanner := bufio.NewScanner(bytes.NewReader(read(filepath.Join(made, fmt.Sprintf("inclusion-%d", tree.N)))))
	count := 0
	for scanner.Scan() {
		words := strings.Fields(scanner.Text())
		n, err := strconv.ParseInt(words[0], 10, 64)
		must(err, "index")
		entry, err := hex.DecodeString(words[1])
		must(err, "entry")
		var proof tlog.RecordProof
		for _, word := range words[2:] {
			proof = append(proof, parseHash(word))
		}
		leaf := tlog.RecordHash(entry)
		must(tlog.CheckRecord(proof, tree.N, tree.Hash, n, leaf), "our inclusion proof")
		entry[len(entry)/2] ^= 1
		refused(tlog.CheckRecord(proof, tree.N, tree.Hash, n, tlog.RecordHash(entry)))
		tamperRecordProof(proof, tree, n, leaf)
		count++
	}
	return count
}

func checkOurConsistency(made string, tree, old tlog.Tree) {
	text := read(filepath.Join(made, fmt.Sprintf("consistency-%d-%d", old.N, tree.N)))
	var proof tlog.TreeProof
	for _, word := range strings.Fields(string(text)) {
		proof = append(proof, parseHash(word))
	}
	must(tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash), "our consistency proof")
	for i := range proof {
		for at := 0; at < tlog.HashSize; at += 5 {
			proof[i][at] ^= 1
			refused(tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash))
			proof[i][at] ^= 1
		}
	}
	forged := old.Hash
	forged[0] ^= 1
	refused(tlog.CheckTree(proof, tree.N, tree.Hash, old.N, forged))
	refused(tlog.CheckTree(proof, old.N, old.Hash, tree.N, tree.Hash)) // backwards
}

// Every byte of the checkpoint. A change that base64 does not see (unused last bits) is none.
func tamperCheckpoint(data []byte, verifier note.Verifier) {
	sameSignature := func(a, b []byte) bool {
		if !bytes.Equal(a[:bytes.LastIndexByte(a[:len(a)-1], ' ')], b[:bytes.LastIndexByte(b[:len(b)-1], ' ')]) {
			return false
		}
		x, _ := base64.StdEncoding.DecodeString(strings.TrimSpace(string(a[bytes.LastIndexByte(a[:len(a)-1], ' ')+1:])))
		y, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(b[bytes.LastIndexByte(b[:len(b)-1], ' ')+1:])))
		return err == nil && bytes.Equal(x, y)
	}
	for at := range data {
		for _, bits := range []byte{1, 0x20, 0x80} {
			changed := append([]byte{}, data...)
			changed[at] ^= bits
			if _, err := openCheckpoint(changed, verifier); err == nil && sameSignature(data, changed) {
				continue
			} else {
				refused(err)
			}
		}
	}
}

// Bytes of every tile that the tree has; all bytes of small trees.
func tamperTiles(dir string, tree tlog.Tree) {
	whole := &tiles{dir: dir, asked: map[string]int{}}
	_, err := readTree(tree, whole)
	must(err, "all tiles")
	step, count := 1, 0
	if tree.N > 300 {
		step = 1021
	}
	for path, size := range whole.asked {
		count++
		if tree.N > 1000 && count%8 != 0 && strings.HasPrefix(path, "tile/0/") {
			continue // 257 tiles are read for each change
		}
		for at := 0; at < size; at += step {
			_, err := readTree(tree, &tiles{dir: dir, flip: path, at: at})
			refused(err)
		}
	}
}

func main() {
	if len(os.Args) < 5 {
		die("usage: verify VKEYFILE TILES MADE SIZE...")
	}
	verifier, err := note.NewVerifier(strings.TrimSpace(string(read(os.Args[1]))))
	must(err, "key")
	dir, made := os.Args[2], os.Args[3]
	var old tlog.Tree
	for _, word := range os.Args[4:] {
		data := read(filepath.Join(made, "checkpoint-"+word))
		tree, err := openCheckpoint(data, verifier)
		must(err, "checkpoint")
		if strconv.FormatInt(tree.N, 10) != word {
			die("the checkpoint says %d, not %s", tree.N, word)
		}
		checkEntries(dir, tree)
		checkGoProofs(dir, tree, old)
		proofs := checkOurInclusion(made, tree)
		if old.N > 0 {
			checkOurConsistency(made, tree, old)
		}
		tamperCheckpoint(data, verifier)
		if tree.N <= 1000 || tree.N == 65537 {
			tamperTiles(dir, tree)
		}
		fmt.Printf("size %d: signature, %d entries, %d of our inclusion proofs, consistency from %d: good\n", tree.N,
			tree.N, proofs, old.N)
		old = tree
	}
	fmt.Printf("%d changes of one byte tried, %d accepted\n", tamperedTried, tamperedAccepted)
	if tamperedAccepted > 0 || tamperedTried == 0 {
		os.Exit(1)
	}
}
