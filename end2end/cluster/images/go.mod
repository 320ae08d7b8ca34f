module shorepass.dev/end2end/cluster/images

go 1.26
