// Archive writes an image of one layer as a tar file that `ctr images import`
// and `kind load image-archive` read, without Docker:
//
//	archive OUT.tar NAME:TAG CONFIG_JSON PATH=FILE...
//
// A PATH=@TARGET becomes a symbolic link.
package main

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path"
	"runtime"
	"strings"
)

type entry struct {
	tar.Header
	content []byte
}

func main() {
	if len(os.Args) < 4 {
		log.Fatal("usage: archive OUT.tar NAME:TAG CONFIG_JSON PATH=FILE...")
	}
	out, reference, settings, files := os.Args[1], os.Args[2], os.Args[3], os.Args[4:]

	layer := pack(append(base(), content(files)...))
	layerDigest := fmt.Sprintf("%x", sha256.Sum256(layer))
	config := encode(map[string]any{
		"architecture": runtime.GOARCH,
		"os":           "linux",
		"config":       json.RawMessage(settings),
		"rootfs":       map[string]any{"type": "layers", "diff_ids": []string{"sha256:" + layerDigest}},
	})
	configName := fmt.Sprintf("%x.json", sha256.Sum256(config))
	layerName := layerDigest + "/layer.tar"
	manifest := encode([]any{map[string]any{
		"Config": configName, "RepoTags": []string{reference}, "Layers": []string{layerName},
	}})
	image := pack([]entry{
		file(configName, 0o644, config),
		file(layerName, 0o644, layer),
		file("manifest.json", 0o644, manifest),
	})
	if err := os.WriteFile(out, image, 0o644); err != nil {
		log.Fatal(err)
	}
}

// base is what a container needs whatever runs in it.
func base() []entry {
	users := "root:x:0:0:root:/root:/bin/sh\nnonroot:x:65532:65532:nonroot:/home:/bin/sh\n"
	groups := "root:x:0:\nnonroot:x:65532:\n"
	entries := []entry{directory("tmp", 0o1777), directory("root", 0o700)}
	for _, name := range []string{"dev", "etc", "home", "proc", "sys"} {
		entries = append(entries, directory(name, 0o755))
	}
	return append(entries, file("etc/passwd", 0o644, []byte(users)), file("etc/group", 0o644, []byte(groups)))
}

func content(files []string) []entry {
	var entries []entry
	made := map[string]bool{}
	for _, argument := range files {
		name, source, found := strings.Cut(argument, "=")
		if !found {
			log.Fatalf("%q is not PATH=FILE", argument)
		}
		if parent := path.Dir(name); parent != "." && !made[parent] {
			made[parent] = true
			entries = append(entries, directory(parent, 0o755))
		}
		if target, isLink := strings.CutPrefix(source, "@"); isLink {
			entries = append(entries, entry{Header: tar.Header{Name: name, Typeflag: tar.TypeSymlink, Linkname: target, Mode: 0o777}})
			continue
		}
		data, err := os.ReadFile(source)
		if err != nil {
			log.Fatal(err)
		}
		entries = append(entries, file(name, 0o755, data))
	}
	return entries
}

func directory(name string, mode int64) entry {
	return entry{Header: tar.Header{Name: name, Typeflag: tar.TypeDir, Mode: mode}}
}

func file(name string, mode int64, data []byte) entry {
	return entry{Header: tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: mode, Size: int64(len(data))}, content: data}
}

func pack(entries []entry) []byte {
	var buffer bytes.Buffer
	archive := tar.NewWriter(&buffer)
	for _, each := range entries {
		if err := archive.WriteHeader(&each.Header); err != nil {
			log.Fatal(err)
		}
		if _, err := archive.Write(each.content); err != nil {
			log.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		log.Fatal(err)
	}
	return buffer.Bytes()
}

func encode(value any) []byte {
	data, err := json.Marshal(value)
	if err != nil {
		log.Fatal(err)
	}
	return data
}
